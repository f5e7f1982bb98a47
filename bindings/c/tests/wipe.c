/* Is a secret wiped before its memory is given back?
 *
 * This program's own free and realloc stand before those of the C library, also for libactive.so, and look into every block for the secrets
 * that were in play. No network: what TLS and HTTP do with their buffers is theirs. Nor is a token
 * saved or restored here: serde_json's own buffer for texts with escapes is not wiped.
 */
#define _GNU_SOURCE
#include <active.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void __libc_free(void *block);
extern void *__libc_malloc(size_t length);

static const char SECRET[] = "hunter2-the-client-secret", PASSWORD[] = "hunter2-the-password", TOKEN[] = "hunter2-the-access-token",
                  REFRESH[] = "hunter2-the-refresh-token";
static const char *const SECRETS[] = {SECRET, PASSWORD, TOKEN, REFRESH};

/* How often each was found in a block that was freed. */
static volatile int found[4];
static volatile bool looking;

void free(void *block)
{
    size_t i;
    for (i = 0; looking && block && i < 4; i++) {
        found[i] += memmem(block, malloc_usable_size(block), SECRETS[i], strlen(SECRETS[i])) != NULL;
    }
    __libc_free(block);
}

void *realloc(void *block, size_t length)
{
    void *larger;
    if (block && malloc_usable_size(block) >= length) return block;
    larger = __libc_malloc(length);
    if (!larger) return NULL;
    if (block) memcpy(larger, block, malloc_usable_size(block));
    free(block);
    return larger;
}

static void clear(void)
{
    size_t i;
    for (i = 0; i < 4; i++) found[i] = 0;
}

static void check(const char *name)
{
    size_t i;
    for (i = 0; i < 4; i++) {
        if (found[i]) printf("  %s was in %d blocks that were freed\n", SECRETS[i], found[i]);
    }
    printf("%s %s\n", found[0] || found[1] || found[2] || found[3] ? "FAILED" : "ok", name);
    clear();
}

/* The search finds what was not wiped: else nothing here could fail. */
static void what_is_not_wiped_is_found(void)
{
    char *block = (char *)__libc_malloc(100);
    strcpy(block + 10, PASSWORD);
    free(block);
    if (found[1] == 1) clear();
    else found[1] = 1;
    check("what_is_not_wiped_is_found");
}

static active_client *a_client(void)
{
    active_client *client = active_client_new("activebuilding", "id");
    active_client_secret(client, SECRET);
    return client;
}

static const active_pair LOGIN[] = {{"username", "name"}, {"password", PASSWORD}};

static active_exchange *answered(active_client *client)
{
    static const char body[] = "{\"access_token\":\"hunter2-the-access-token\",\"refresh_token\":\"hunter2-the-refresh-token\"}";
    active_exchange *x = active_client_token(client, "password", LOGIN, 2);
    active_exchange_step(x, NULL);
    active_exchange_receive(x, 200, NULL, 0, body, sizeof body - 1);
    active_exchange_step(x, NULL);
    return x;
}

static void a_token_request_is_wiped(void)
{
    active_client *client = a_client();
    active_exchange *x = answered(client);
    active_token *token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    active_client_free(client);
    if (!token || strcmp(token->access_token, TOKEN) != 0) puts("FAILED there was no token");
    active_token_free(token);
    check("a_token_request_is_wiped");
}

static void a_call_is_wiped(void)
{
    active_client *client = a_client();
    active_exchange *asked = answered(client), *x = active_client_call(client, active_exchange_token(asked), "GET", "/communities");
    active_exchange_renew_by(x, "password", LOGIN, 2);
    if (active_exchange_step(x, NULL) != ACTIVE_SEND) puts("FAILED nothing was sent");
    active_exchange_receive(x, 200, NULL, 0, "{}", 2);
    active_exchange_step(x, NULL);
    active_exchange_free(x);
    active_exchange_free(asked);
    active_client_free(client);
    check("a_call_is_wiped");
}

/* The key stands in the first file, and the second one is not there. */
static void a_certificate_whose_second_file_is_not_there_is_wiped(void)
{
    char path[] = "/tmp/active-wipe-XXXXXX";
    int file = mkstemp(path);
    active_agent *agent = active_agent_new();
    active_client *client = active_client_new("buildpass", "id");
    active_exchange *x;
    if (file < 0 || write(file, SECRET, sizeof SECRET - 1) != (ssize_t)(sizeof SECRET - 1)) puts("FAILED there was no file");
    close(file);
    active_agent_certificate_file(agent, path, "/nowhere/key.pem");
    active_client_agent(client, agent);
    x = active_client_token(client, "client_credentials", NULL, 0);
    if (active_exchange_run(x) != ACTIVE_FAILED || !strstr(active_exchange_error(x)->message, "cannot be read")) puts("FAILED it was read");
    active_exchange_free(x);
    active_client_free(client);
    active_agent_free(agent);
    unlink(path);
    check("a_certificate_whose_second_file_is_not_there_is_wiped");
}

/* What an API is shown, an ID token that goes into a URL, and what a server demands before it registers a client. */
static void what_is_handed_over_is_wiped(void)
{
    static const char record[] = "{\"version\":1,\"name\":\"login.example\",\"base\":\"https://login.example\",\"token\":{\"url\":\"/token\",\"auth\":\"none\"},"
                                 "\"endpoints\":{\"end_session\":\"/logout\",\"registration\":\"/register\"}}";
    active_client *client = active_client_new_from_record(record, "id");
    active_token *token = active_client_presented(client, "Bearer hunter2-the-access-token", NULL);
    active_exchange *x = active_client_end_session_url(client, TOKEN, NULL, NULL);
    active_access *access = active_access_new("https://api.example");
    if (active_exchange_step(x, NULL) != ACTIVE_DONE || !strstr(active_exchange_text(x), TOKEN)) puts("FAILED there was no URL");
    active_exchange_free(x);
    x = active_client_call(client, token, "GET", "/me");
    if (active_exchange_step(x, NULL) != ACTIVE_SEND) puts("FAILED nothing was sent");
    active_exchange_free(x);
    x = active_provider_register(record, "{}", SECRET, NULL);
    if (active_exchange_step(x, NULL) != ACTIVE_SEND) puts("FAILED nothing was sent");
    active_exchange_free(x);
    active_access_initial_access_token(access, SECRET);
    active_exchange_free(active_access_after(access, NULL, 0, NULL));
    active_access_free(access);
    active_token_free(token);
    active_client_free(client);
    check("what_is_handed_over_is_wiped");
}

int main(void)
{
    looking = true;
    what_is_not_wiped_is_found();
    a_token_request_is_wiped();
    a_call_is_wiped();
    what_is_handed_over_is_wiped();
    a_certificate_whose_second_file_is_not_there_is_wiped();
    looking = false;
    return 0;
}
