/* Does each setting of an agent reach the wire? */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Asks for a token at that host by way of this agent, which is freed. Free the exchange. */
static active_exchange *asked_at(const char *base, active_agent *agent)
{
    active_client *client = client_at("buildpass", base);
    active_exchange *x;
    active_agent_connect_timeout_ms(agent, 10000 * slowness());
    active_agent_deadline_ms(agent, 30000 * slowness());
    active_client_agent(client, agent);
    active_agent_free(agent);
    x = asking(client, "buildpass");
    active_client_free(client);
    return x;
}

static active_exchange *asked_by(active_agent *agent) { return asked_at(sandbox("providers.buildpass"), agent); }

/* The value that the sandbox received for this header in its last request; free it. */
static char *received(const char *header)
{
    json_t *log = ask_sandbox("GET", "/log", ""), *headers;
    char *value = NULL;
    size_t i;
    headers = json_object_get(json_array_get(log, json_array_size(log) - 1), "headers");
    for (i = 0; i < json_array_size(headers); i++) {
        const json_t *pair = json_array_get(headers, i);
        if (strcmp(json_string_value(json_array_get(pair, 0)), header) != 0) continue;
        free(value);
        value = strdup(json_string_value(json_array_get(pair, 1)));
    }
    json_decref(log);
    return value;
}

static void the_user_agent_is_the_programs(void)
{
    active_agent *agent = sandbox_agent();
    active_exchange *x;
    char *value;
    active_agent_user_agent(agent, "my-program/1.0");
    x = asked_by(agent);
    CHECK_DONE(x);
    value = received("user-agent");
    CHECK_TEXT(value, "my-program/1.0");
    free(value);
    active_exchange_free(x);

    x = asked_by(sandbox_agent());
    CHECK_DONE(x);
    value = received("user-agent");
    CHECK_TEXT(value, "active/" ACTIVE_VERSION);
    free(value);
    active_exchange_free(x);
}

static void roots_may_be_a_text(void)
{
    active_agent *agent = active_agent_new();
    FILE *file = fopen(sandbox("ca"), "r");
    char pem[8192];
    size_t length = file ? fread(pem, 1, sizeof pem, file) : 0;
    active_exchange *x;
    if (file) fclose(file);
    active_agent_roots_pem(agent, pem, length);
    x = asked_by(agent);
    CHECK_DONE(x);
    active_exchange_free(x);
}

static void roots_may_be_the_systems(void)
{
    active_agent *agent = active_agent_new();
    active_exchange *x;
    setenv("SSL_CERT_FILE", sandbox("ca"), 1);
    active_agent_roots(agent, "system");
    x = asked_by(agent);
    CHECK_DONE(x);
    unsetenv("SSL_CERT_FILE");
    active_exchange_free(x);
}

/* Nothing listens at port 1, and a.example does not exist. */
static void a_proxy_is_the_way_but_to_loopback(void)
{
    active_agent *agent = sandbox_agent();
    active_exchange *x;
    const active_error *error;
    active_agent_proxy(agent, "http://name:its-password@127.0.0.1:1");
    x = asked_at("https://a.example", agent);
    error = CHECK_FAILS(x, ACTIVE_NO_ANSWER, "proxy");
    CHECK_TEXT(error->code, "proxy");
    CHECK(!error->may_have_been_sent);
    CHECK(!strstr(error->message, "its-password"));
    active_exchange_free(x);
    agent = sandbox_agent();
    active_agent_proxy(agent, "http://127.0.0.1:1");
    x = asked_by(agent);
    CHECK_DONE(x);
    active_exchange_free(x);
}

static void the_environments_proxy_is_taken_on_request_only(void)
{
    active_agent *agent = sandbox_agent();
    active_exchange *x;
    setenv("HTTPS_PROXY", "http://127.0.0.1:1", 1);
    x = asked_at("https://a.invalid", sandbox_agent());
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_NO_ANSWER, "a.invalid")->code, "name");
    active_exchange_free(x);
    active_agent_proxy(agent, "environment");
    x = asked_at("https://a.invalid", agent);
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_NO_ANSWER, "proxy")->code, "proxy");
    active_exchange_free(x);
    unsetenv("HTTPS_PROXY");
}

static void a_setting_counts_for_clients_that_get_the_agent_afterwards(void)
{
    active_agent *agent = sandbox_agent();
    active_client *before = client_of("buildpass"), *after = client_of("buildpass");
    active_exchange *x;
    active_client_agent(before, agent);
    active_agent_max_body(agent, 10);
    active_client_agent(after, agent);
    active_agent_free(agent);
    x = asking(before, "buildpass");
    CHECK_DONE(x);
    active_exchange_free(x);
    x = asking(after, "buildpass");
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_NO_ANSWER, "10 bytes")->code, "too_large");
    active_exchange_free(x);
    active_client_free(before);
    active_client_free(after);
}

#define CERTIFICATE "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
#define KEY(kind) "-----BEGIN " kind "-----\nAAAA\n-----END " kind "-----\n"

static void a_certificate_comes_with_its_key(void)
{
    static const struct { const char *chain, *key, *says; } texts[] = {
        {NULL, NULL, "client certificate: its PEM holds no certificate"},
        {CERTIFICATE, NULL, "client certificate: the PEM of its key holds none"},
        {CERTIFICATE, KEY("ENCRYPTED PRIVATE KEY"), "client certificate: the key is locked with a passphrase"},
        {CERTIFICATE KEY("PRIVATE KEY"), NULL, "client certificate: "},
    };
    size_t i;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        active_agent *agent = sandbox_agent();
        active_exchange *x;
        active_agent_certificate_pem(agent, texts[i].chain, texts[i].chain ? strlen(texts[i].chain) : 0, texts[i].key,
                                     texts[i].key ? strlen(texts[i].key) : 0);
        x = asked_by(agent);
        CHECK_FAILS(x, ACTIVE_USAGE, texts[i].says);
        active_exchange_free(x);
    }
}

/* Somebody gave the key itself where a path belongs, and it must not be printed. */
static void a_certificates_files_must_be_there_and_are_not_named(void)
{
    static const struct { const char *path, *key, *says; } files[] = {
        {NULL, NULL, "certificate: the path is NULL"},
        {"/no/such/file", NULL, "certificate: its file, or that of its key, cannot be read"},
        {"/dev/null", "the-key-itself", "certificate: its file, or that of its key, cannot be read"},
        {"/dev/null", NULL, "client certificate: its PEM holds no certificate"},
    };
    size_t i;
    for (i = 0; i < sizeof files / sizeof *files; i++) {
        active_agent *agent = sandbox_agent();
        active_exchange *x;
        active_agent_certificate_file(agent, files[i].path, files[i].key);
        x = asked_by(agent);
        CHECK(!strstr(CHECK_FAILS(x, ACTIVE_USAGE, files[i].says)->message, "the-key-itself"));
        active_exchange_free(x);
    }
}

static void a_connection_rests_as_long_as_was_said(void)
{
    static const struct { int64_t idle_ms; long long connections; } tries[] = {{60000, 1}, {1, 2}};
    size_t i;
    for (i = 0; i < sizeof tries / sizeof *tries; i++) {
        active_agent *agent = sandbox_agent();
        active_client *client = client_of("buildpass");
        const long long before = counter("buildpass", "connections");
        int asked;
        active_agent_idle_ms(agent, tries[i].idle_ms);
        active_client_agent(client, agent);
        active_agent_free(agent);
        for (asked = 0; asked < 2; asked++) {
            const struct timespec pause = {0, 20000000};
            active_exchange *x = asking(client, "buildpass");
            CHECK_DONE(x);
            active_exchange_free(x);
            nanosleep(&pause, NULL);
        }
        CHECK_NUMBER(counter("buildpass", "connections") - before, tries[i].connections);
        active_client_free(client);
    }
}

RUN_TESTS(TEST(the_user_agent_is_the_programs),
          TEST(roots_may_be_a_text),
          TEST(roots_may_be_the_systems),
          TEST(a_proxy_is_the_way_but_to_loopback),
          TEST(the_environments_proxy_is_taken_on_request_only),
          TEST(a_certificate_comes_with_its_key),
          TEST(a_certificates_files_must_be_there_and_are_not_named),
          TEST(a_connection_rests_as_long_as_was_said),
          TEST(a_setting_counts_for_clients_that_get_the_agent_afterwards))
