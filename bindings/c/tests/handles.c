/* Do handles live as active.h promises: freed in any order, used by many threads each with its own, and on both sides of a fork? */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const active_pair STAFF[] = {{"username", "testuser@building.com"}, {"password", "mypassword"}};

/* The six orders in which client, agent and token can be freed before the call runs that was made of them. */
static void handles_are_freed_in_any_order(void)
{
    static const char *const orders[] = {"cat", "cta", "act", "atc", "tca", "tac"};
    size_t i, j;
    for (i = 0; i < sizeof orders / sizeof *orders; i++) {
        active_agent *agent = sandbox_agent();
        active_client *client = client_of("activebuilding");
        active_token *token;
        active_exchange *x;
        active_client_agent(client, agent);
        token = token_of(client, "activebuilding");
        x = active_client_call(client, token, "GET", "/communities");
        for (j = 0; j < 3; j++) {
            if (orders[i][j] == 'c') active_client_free(client);
            if (orders[i][j] == 'a') active_agent_free(agent);
            if (orders[i][j] == 't') active_token_free(token);
        }
        if (CHECK_DONE(x)) CHECK_NUMBER(active_exchange_answer(x)->status, 200);
        active_exchange_free(x);
    }
}

static void a_login_may_be_freed_before_its_callback_runs(void)
{
    active_client *client = client_of("honeywell");
    active_login *login = active_client_authorize(client, "https://app.example/callback", NULL, 0, 0, NULL);
    char *callback = browse(active_login_url(login));
    active_exchange *x = active_client_callback(client, login, callback);
    active_login_free(login);
    active_client_free(client);
    free(callback);
    CHECK_DONE(x);
    active_exchange_free(x);
}

static void what_was_given_is_copied(void)
{
    char provider[] = "activebuilding", grant[] = "password", name[] = "username", value[] = "testuser@building.com";
    active_client *client = active_client_new(provider, sandbox("credentials.activebuilding.client_id"));
    active_agent *agent = sandbox_agent();
    active_pair login[2] = {{NULL, NULL}, {"password", "mypassword"}};
    active_exchange *x;
    active_client_secret(client, sandbox("credentials.activebuilding.client_secret"));
    active_client_base(client, sandbox("providers.activebuilding"));
    active_client_agent(client, agent);
    login[0].name = name;
    login[0].value = value;
    x = active_client_token(client, grant, login, 2);
    memset(provider, 'x', sizeof provider - 1);
    memset(grant, 'x', sizeof grant - 1);
    memset(name, 'x', sizeof name - 1);
    memset(value, 'x', sizeof value - 1);
    CHECK_DONE(x);
    active_exchange_free(x);
    active_agent_free(agent);
    active_client_free(client);
}

static void a_copied_token_outlives_its_exchange_and_is_the_same(void)
{
    active_client *client = client_of("activebuilding");
    active_exchange *x = asking(client, "activebuilding");
    active_token *copied = NULL, *again, *restored;
    if (CHECK_DONE(x)) copied = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    again = active_token_copy(copied);
    restored = active_token_restore(active_token_saved(copied));
    CHECK_TEXT(again->access_token, copied->access_token);
    CHECK_TEXT(restored->access_token, copied->access_token);
    CHECK_TEXT(active_token_saved(restored), active_token_saved(copied));
    CHECK_TEXT(active_token_user(restored)->email, "testuser@building.com");
    CHECK_NUMBER(restored->received_at_ms, copied->received_at_ms);
    active_token_free(copied);
    CHECK(again->access_token[0] != 0);
    active_token_free(again);
    active_token_free(restored);
    active_client_free(client);
}

static void a_copied_client_goes_its_own_way(void)
{
    active_client *client = client_of("buildpass"), *copy = active_client_copy(client), *unknown, *still;
    active_exchange *x;
    active_client_secret(copy, "not its secret");
    x = asking(copy, "buildpass");
    CHECK_FAILS(x, ACTIVE_REFUSED, "invalid_client");
    active_exchange_free(x);
    active_client_free(copy);
    x = asking(client, "buildpass");
    CHECK_DONE(x);
    active_exchange_free(x);
    active_client_free(client);
    /* What is wrong with a client is wrong with its copy. */
    unknown = active_client_new("no such provider", "id");
    still = active_client_copy(unknown);
    active_client_free(unknown);
    x = active_client_token(still, "client_credentials", NULL, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "no such provider");
    active_exchange_free(x);
    active_client_free(still);
    CHECK(active_client_copy(NULL) == NULL);
}

static int never_stores(void *context, const active_token *token)
{
    *(int *)context += token->access_token[0] != 0;
    return 1;
}

static void a_token_that_could_not_be_stored_ends_the_run_and_is_not_lost(void)
{
    active_client *client = client_of("activebuilding");
    active_token *token = token_of(client, "activebuilding");
    active_exchange *x = active_client_call(client, token, "GET", "/communities");
    int asked = 0;
    active_exchange_renew_by(x, "password", STAFF, 2);
    active_exchange_on_save(x, never_stores, &asked);
    order("/revoke", "{\"provider\": \"activebuilding\", \"all\": true}");
    CHECK_FAILS(x, ACTIVE_USAGE, "could not store");
    CHECK_NUMBER(asked, 1);
    CHECK(active_exchange_token(x) && strcmp(active_exchange_token(x)->access_token, token->access_token) != 0);
    CHECK(active_exchange_answer(x) == NULL);
    CHECK_NUMBER(counter("activebuilding", "api_requests"), 1); /* the new token was not used */
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

typedef struct {
    active_client *client;
    int failed;
} share;

static void *ask_ten_times(void *context)
{
    share *mine = (share *)context;
    int i;
    for (i = 0; i < 10; i++) {
        active_exchange *x = asking(mine->client, "buildpass");
        mine->failed += active_exchange_run(x) != ACTIVE_DONE;
        active_exchange_free(x);
    }
    return NULL;
}

static void threads_share_an_agent_and_its_connections(void)
{
    enum { THREADS = 4 };
    active_agent *agent = sandbox_agent();
    pthread_t threads[THREADS];
    share shares[THREADS];
    int i;
    for (i = 0; i < THREADS; i++) {
        shares[i].client = client_of("buildpass");
        shares[i].failed = 0;
        active_client_agent(shares[i].client, agent);
    }
    active_agent_free(agent);
    for (i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, ask_ten_times, &shares[i]) == 0);
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_NUMBER(shares[i].failed, 0);
        active_client_free(shares[i].client);
    }
    CHECK_NUMBER(counter("buildpass", "token_requests"), THREADS * 10);
    CHECK(counter("buildpass", "connections") <= THREADS);
}

static void a_connection_is_reused(void)
{
    active_client *client = client_of("buildpass");
    int i;
    for (i = 0; i < 5; i++) {
        active_exchange *x = asking(client, "buildpass");
        CHECK_DONE(x);
        active_exchange_free(x);
    }
    CHECK_NUMBER(counter("buildpass", "connections"), 1);
    active_client_free(client);
}

/* Whether a child that uses this client gets a token of its own. It ends as another program: what it leaves alone because it is its parent's
 * (the connections) would be a leak to valgrind. */
static bool works_in_a_child(active_client *client)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        active_exchange *x = asking(client, "buildpass");
        bool done = active_exchange_run(x) == ACTIVE_DONE;
        if (!done) fprintf(stderr, "in the child: %s\n", active_exchange_error(x)->message);
        active_exchange_free(x);
        active_client_free(client);
        execl("/bin/sh", "sh", "-c", done ? "exit 0" : "exit 1", (char *)NULL);
        _exit(2);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void after_a_fork_both_sides_work_and_share_no_connection(void)
{
    active_client *client = client_of("buildpass");
    int i;
    for (i = 0; i < 3; i++) {
        active_token *before = token_of(client, "buildpass"), *after;
        CHECK(works_in_a_child(client));
        after = token_of(client, "buildpass");
        CHECK(before && after && strcmp(before->access_token, after->access_token) != 0);
        active_token_free(before);
        active_token_free(after);
    }
    /* One for the parent, which goes on with it, and one for each child. */
    CHECK_NUMBER(counter("buildpass", "connections"), 4);
    CHECK_NUMBER(counter("buildpass", "requests"), 9);
    active_client_free(client);
}

static void the_versions_agree(void)
{
    CHECK_TEXT(active_version(), ACTIVE_VERSION);
    CHECK(active_clock().wall_ms > 1700000000000);
    CHECK(active_clock().mono_ms <= active_clock().mono_ms);
}

RUN_TESTS(TEST(handles_are_freed_in_any_order),
          TEST(a_login_may_be_freed_before_its_callback_runs),
          TEST(what_was_given_is_copied),
          TEST(a_copied_token_outlives_its_exchange_and_is_the_same),
          TEST(a_copied_client_goes_its_own_way),
          TEST(a_token_that_could_not_be_stored_ends_the_run_and_is_not_lost),
          TEST(threads_share_an_agent_and_its_connections),
          TEST(a_connection_is_reused),
          TEST(after_a_fork_both_sides_work_and_share_no_connection),
          TEST(the_versions_agree))
