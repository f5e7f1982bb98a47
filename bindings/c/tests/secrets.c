/* Does anything that a program would print hold a secret?
 *
 * Every text that active.h does not call a secret is searched, after every kind of end, for every secret that was in play: as it stands,
 * in base64 (at each alignment), percent-encoded, in hex and as decimal bytes.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"

enum { MAX_SECRETS = 64 };

static char *secrets[MAX_SECRETS];
static size_t secret_count;

static void know(const char *secret)
{
    if (secret && strlen(secret) >= 5 && secret_count < MAX_SECRETS) secrets[secret_count++] = text_of(secret, strlen(secret));
}

static void forget(void)
{
    while (secret_count) free(secrets[--secret_count]);
}

/* The secret's bytes, each printed by `format`. */
static char *listed(const char *secret, const char *format)
{
    char *text = (char *)calloc(strlen(secret) * 8 + 1, 1), *end = text;
    const unsigned char *byte;
    for (byte = (const unsigned char *)secret; *byte; byte++) end += sprintf(end, format, *byte);
    return text;
}

static char *percent_encoded(const char *secret)
{
    char *text = (char *)calloc(strlen(secret) * 3 + 1, 1), *end = text;
    for (; *secret; secret++) {
        bool plain = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~*", *secret) != NULL;
        end += sprintf(end, plain ? "%c" : "%%%02X", (unsigned char)*secret);
    }
    return text;
}

/* The letters of base64 that stand for the secret alone where `before` bytes precede it. */
static char *base64_within(const char *secret, size_t before)
{
    static const size_t skip[] = {0, 2, 3};
    size_t length = strlen(secret) + before;
    char *padded = (char *)calloc(length + 1, 1), *encoded;
    memcpy(padded + before, secret, strlen(secret));
    encoded = base64_encode(padded, length);
    encoded[length / 3 * 4 + (length % 3 ? length % 3 : 0)] = 0;
    memmove(encoded, encoded + skip[before], strlen(encoded) - skip[before] + 1);
    free(padded);
    return encoded;
}

static bool holds(const char *shown, char *form)
{
    bool found = strstr(shown, form) != NULL;
    free(form);
    return found;
}

static bool holds_in_any_form(const char *shown, const char *secret)
{
    bool found = strstr(shown, secret) != NULL;
    found |= holds(shown, listed(secret, "%02x")) | holds(shown, listed(secret, "%02X"));
    found |= holds(shown, listed(secret, "%d, ")) | holds(shown, listed(secret, "%d,")) | holds(shown, listed(secret, "%d "));
    found |= holds(shown, percent_encoded(secret));
    found |= holds(shown, base64_within(secret, 0)) | holds(shown, base64_within(secret, 1)) | holds(shown, base64_within(secret, 2));
    return found;
}

static void may_be_printed(const char *what, const char *shown)
{
    size_t i;
    for (i = 0; shown && i < secret_count; i++) {
        if (holds_in_any_form(shown, secrets[i])) wrong(__FILE__, __LINE__, "%s holds the secret %s: %s", what, secrets[i], shown);
    }
}

static void error_may_be_printed(const active_error *error)
{
    if (!error) return;
    may_be_printed("message", error->message);
    may_be_printed("kind_name", error->kind_name);
    may_be_printed("code", error->code);
    may_be_printed("standard_code", error->standard_code);
    may_be_printed("description", error->description);
    may_be_printed("error_uri", error->error_uri);
}

static void token_may_be_printed(const active_token *token)
{
    if (!token) return;
    know(token->access_token);
    know(token->authorization);
    know(token->refresh_token);
    may_be_printed("token_type", token->token_type);
    may_be_printed("scope", token->scope);
    may_be_printed("requested_scope", token->requested_scope);
    may_be_printed("provider", token->provider);
    may_be_printed("deviations", token->deviations);
}

/* Runs an exchange, looks at everything, and frees it. */
static void look(active_exchange *x)
{
    active_exchange_run(x);
    token_may_be_printed(active_exchange_token(x));
    error_may_be_printed(active_exchange_error(x));
    active_exchange_free(x);
}

/* The sandbox's secrets, and what an attacker of an error text would like to see there. */
static void know_all_of(const char *provider)
{
    forget();
    know(sandbox("credentials.%s.client_secret", provider));
    know(sandbox("credentials.%s.special.client_secret", provider));
    know("mypassword");
}

static const active_pair STAFF[] = {{"username", "testuser@building.com"}, {"password", "mypassword"}};

/* The search finds what it looks for: else the tests below could not fail. */
static void the_search_finds_a_secret_in_every_form(void)
{
    static const char secret[] = "s:e c+r%e&t";
    static const char *const shown[] = {"a s:e c+r%e&t b", "733a6520632b7225652674", "115, 58, 101, 32, 99, 43, 114, 37, 101, 38, 116, ",
                                        "x=s%3Ae%20c%2Br%25e%26t", "czplIGMrciVlJnQ=", "aWQ6czplIGMrciVlJnQ=", "aTpzOmUgYytyJWUmdA=="};
    size_t i;
    for (i = 0; i < sizeof shown / sizeof *shown; i++) {
        if (!holds_in_any_form(shown[i], secret)) wrong(__FILE__, __LINE__, "not found in %s", shown[i]);
    }
    CHECK(!holds_in_any_form("a secret", secret));
}

/* What a server may throw at a client, its own secrets within. */
static const char *const FAULTS[] = {
    "{\"kind\": \"status\", \"status\": 200, \"headers\": {\"Content-Type\": \"text/html\"}, \"body\": \"<p>%s %s</p>\"}",
    "{\"kind\": \"status\", \"status\": 200, \"headers\": {\"Content-Type\": \"application/json\"}, \"body\": \"{\\\"access_token\\\": \\\"%s\\\", %s\"}",
    "{\"kind\": \"status\", \"status\": 200, \"headers\": {\"Content-Type\": \"application/json\"}, \"body\": \"{\\\"access_token\\\": \\\"%s\\\\n%s\\\"}\"}",
    "{\"kind\": \"status\", \"status\": 302, \"headers\": {\"Location\": \"https://a.example/?access_token=%s&refresh_token=%s\"}}",
    "{\"kind\": \"status\", \"status\": 500, \"body\": \"%s %s\"}",
    "{\"kind\": \"raw\", \"body\": \"%s %s\"}",
    "{\"kind\": \"cut\", \"after\": 20}",
    "{\"kind\": \"close\"}",
    "{\"kind\": \"garbage_tls\"}",
};

static void no_failure_of_a_token_request_shows_a_secret(void)
{
    static const char *const providers[] = {"activebuilding", "mybuilding", "buildpass", "honeywell"};
    size_t provider, i;
    for (provider = 0; provider < 4; provider++) {
        for (i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
            active_client *client = special_client_of(providers[provider]);
            char fault[1024];
            order("/reset", "{}");
            know_all_of(providers[provider]);
            know("d023e1f7-the-servers-token");
            know("0a1b2c3d-its-refresh-token");
            snprintf(fault, sizeof fault, FAULTS[i], "d023e1f7-the-servers-token", "0a1b2c3d-its-refresh-token");
            order("/fault", "{\"provider\": \"%s\", \"fault\": %s}", providers[provider], fault);
            look(asking(client, providers[provider]));
            active_client_free(client);
        }
    }
    forget();
}

/* ActiveBuilding's token stands in the URL. */
static void no_failure_of_a_call_shows_the_token(void)
{
    static const char *const providers[] = {"activebuilding", "buildpass", "honeywell"};
    size_t provider, i;
    for (provider = 0; provider < 3; provider++) {
        for (i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
            active_client *client;
            active_token *token;
            active_exchange *x;
            char fault[1024];
            order("/reset", "{}");
            know_all_of(providers[provider]);
            client = client_of(providers[provider]);
            token = token_of(client, providers[provider]);
            token_may_be_printed(token);
            snprintf(fault, sizeof fault, FAULTS[i], token->access_token, token->access_token);
            order("/fault", "{\"provider\": \"%s\", \"fault\": %s}", providers[provider], fault);
            x = active_client_call(client, token, "GET", "/communities");
            active_exchange_renew_by(x, "password", STAFF, 2);
            look(x);
            /* A token in the target's query is the program's own doing, and still not shown. */
            x = active_client_call(client, token, "GET", "https://a.example/?access_token=0a1b2c3d-the-programs-own");
            know("0a1b2c3d-the-programs-own");
            look(x);
            active_token_free(token);
            active_client_free(client);
        }
    }
    forget();
}

/* The secret where something else belongs: what the library says of it must not repeat it. */
static void no_wrong_use_shows_a_secret(void)
{
    static const char *const saved[] = {"hunter2-hunter2", "{\"version\":1,\"access_token\":\"hunter2-hunter2\"",
                                        "{\"version\":1,\"state\":\"hunter2-hunter2\"}", "{\"version\":\"hunter2-hunter2\"}"};
    active_client *client = client_of("buildpass");
    size_t i;
    know("hunter2-hunter2");
    active_client_base(client, "https://user:hunter2-hunter2@a.example");
    look(asking(client, "buildpass"));
    active_client_free(client);
    client = client_of("buildpass");
    active_client_secret(client, "hunter2-hunter2\xff");
    look(asking(client, "buildpass"));
    active_client_free(client);
    for (i = 0; i < sizeof saved / sizeof *saved; i++) {
        active_token *token = active_token_restore(saved[i]);
        active_login *login = active_login_restore(saved[i]);
        active_device *device = active_device_restore(saved[i]);
        active_backchannel *backchannel = active_backchannel_restore(saved[i]);
        active_key *pem = active_key_from_pem("ES256", saved[i], strlen(saved[i]), NULL), *jwk = active_key_from_jwk("EdDSA", saved[i], NULL);
        error_may_be_printed(active_token_error(token));
        error_may_be_printed(active_login_error(login));
        error_may_be_printed(active_device_error(device));
        error_may_be_printed(active_backchannel_error(backchannel));
        error_may_be_printed(active_key_error(pem));
        error_may_be_printed(active_key_error(jwk));
        CHECK(active_device_error(device) && active_backchannel_error(backchannel) && active_key_error(pem) && active_key_error(jwk));
        active_token_free(token);
        active_login_free(login);
        active_device_free(device);
        active_backchannel_free(backchannel);
        active_key_free(pem);
        active_key_free(jwk);
    }
    forget();
}

static void no_callback_shows_its_code_or_state(void)
{
    static const char *const callbacks[] = {"https://app.example/callback?code=stolen-code-0815&state=forged-state-4711",
                                            "https://app.example/callback?error=access_denied&state=forged-state-4711",
                                            "https://app.example/callback?code=stolen-code-0815", "code=stolen-code-0815&code=stolen-code-0815",
                                            "stolen-code-0815"};
    size_t i;
    for (i = 0; i < sizeof callbacks / sizeof *callbacks; i++) {
        active_client *client = client_of("honeywell");
        active_login *login = active_client_authorize(client, "https://app.example/callback", NULL, 0, 0, NULL);
        know("stolen-code-0815");
        know("forged-state-4711");
        know(active_login_saved(login));
        look(active_client_callback(client, login, callbacks[i]));
        active_login_free(login);
        active_client_free(client);
        forget();
    }
}

RUN_TESTS(TEST(the_search_finds_a_secret_in_every_form),
          TEST(no_failure_of_a_token_request_shows_a_secret),
          TEST(no_failure_of_a_call_shows_the_token),
          TEST(no_wrong_use_shows_a_secret),
          TEST(no_callback_shows_its_code_or_state))
