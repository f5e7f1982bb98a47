/* Does BuildPass work from C? Sources: BuildPass OAuth guide; BuildPass API reference for the authorization code. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const active_pair SCOPES[] = {{"scope", "read:builders read:contacts"}};

/* A token by client credentials, asked for in that body and with that authentication; NULL leaves the provider's. */
static active_exchange *ask(const char *auth, const char *body)
{
    active_client *client = client_of("buildpass");
    active_exchange *x;
    if (auth) active_client_auth(client, auth);
    if (body) active_client_body(client, body);
    x = active_client_token(client, "client_credentials", SCOPES, 1);
    active_client_free(client); /* the exchange keeps what it needs */
    return x;
}

static void all_three_ways_to_ask_give_a_token(void)
{
    static const char *const ways[][2] = {{"post", "json"}, {"basic", "json"}, {"post", "form"}, {"basic", "form"}, {NULL, NULL}};
    size_t i;
    for (i = 0; i < sizeof ways / sizeof *ways; i++) {
        active_exchange *x = ask(ways[i][0], ways[i][1]);
        if (CHECK_DONE(x)) {
            const active_token *token = active_exchange_token(x);
            CHECK_TEXT(token->token_type, "Bearer");
            CHECK_TEXT(token->scope, "read:builders read:contacts");
            CHECK_TEXT(token->provider, "buildpass");
            CHECK_TEXT(token->deviations, "");
            CHECK(token->refresh_token == NULL);
            CHECK(!token->scope_narrower);
            CHECK_NUMBER(token->expires_at_ms - token->received_at_ms, 3600000);
            CHECK(strncmp(token->authorization, "Bearer ", 7) == 0);
            CHECK_TEXT(token->authorization + 7, token->access_token);
            CHECK(active_exchange_answer(x) == NULL);
            CHECK(active_token_user(token) == NULL);
        }
        active_exchange_free(x);
    }
    CHECK_NUMBER(counter("buildpass", "refused"), 0);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 5);
}

static void special_characters_in_the_credentials_arrive_in_each_way(void)
{
    static const char *const ways[][2] = {{"post", "json"}, {"basic", "form"}, {"post", "form"}};
    size_t i;
    for (i = 0; i < sizeof ways / sizeof *ways; i++) {
        active_client *client = special_client_of("buildpass");
        active_exchange *x;
        active_client_auth(client, ways[i][0]);
        active_client_body(client, ways[i][1]);
        x = asking(client, "buildpass");
        CHECK_DONE(x);
        active_exchange_free(x);
        active_client_free(client);
    }
}

static void a_narrower_scope_is_told_and_is_no_error(void)
{
    active_exchange *x;
    order("/reading", "{\"provider\": \"buildpass\", \"scope\": \"narrower\"}");
    x = ask(NULL, NULL);
    if (CHECK_DONE(x)) {
        CHECK_TEXT(active_exchange_token(x)->scope, "read:builders");
        CHECK_TEXT(active_exchange_token(x)->requested_scope, "read:builders read:contacts");
        CHECK(active_exchange_token(x)->scope_narrower);
    }
    active_exchange_free(x);
}

static void an_omitted_scope_is_the_one_asked_for(void)
{
    active_exchange *x;
    order("/reading", "{\"provider\": \"buildpass\", \"scope\": \"omitted\"}");
    x = ask(NULL, NULL);
    if (CHECK_DONE(x)) CHECK_TEXT(active_exchange_token(x)->scope, "read:builders read:contacts");
    active_exchange_free(x);
}

static void the_lifetime_is_read_in_every_form(void)
{
    static const char *const readings[] = {"\"expiry\": \"both\"", "\"expiry\": \"expires_in\"", "\"expiry\": \"expires\"",
                                           "\"expiry\": \"both\", \"numbers\": \"string\""};
    active_exchange *x;
    size_t i;
    for (i = 0; i < sizeof readings / sizeof *readings; i++) {
        order("/reading", "{\"provider\": \"buildpass\", %s}", readings[i]);
        x = ask(NULL, NULL);
        if (CHECK_DONE(x)) {
            CHECK_NUMBER(active_exchange_token(x)->expires_at_ms - active_exchange_token(x)->received_at_ms, 3600000);
        }
        active_exchange_free(x);
    }
    order("/reading", "{\"provider\": \"buildpass\", \"expiry\": \"none\"}");
    x = ask(NULL, NULL);
    if (CHECK_DONE(x)) CHECK_NUMBER(active_exchange_token(x)->expires_at_ms, -1);
    active_exchange_free(x);
}

/* "// deprecated" stands in the guide's example, not on the wire. */
static void the_printed_example_with_its_comment_is_garbled_and_loses_nothing(void)
{
    active_exchange *x;
    const active_error *error;
    char *body;
    order("/reading", "{\"provider\": \"buildpass\", \"answer\": \"commented\"}");
    x = ask(NULL, NULL);
    error = CHECK_FAILS(x, ACTIVE_GARBLED, "line ");
    CHECK_HOLDS(error->message, "column ");
    CHECK_NUMBER(error->status, 200);
    body = text_of(error->body, error->body_length);
    CHECK_HOLDS(body, "// deprecated");
    CHECK_HOLDS(body, "access_token");
    free(body);
    active_exchange_free(x);
}

static void refusals_have_the_servers_code_and_the_standard_one(void)
{
    active_client *client = client_of("buildpass");
    const active_pair unknown[] = {{"scope", "write:everything"}};
    active_exchange *x = active_client_token(client, "client_credentials", unknown, 1);
    const active_error *error = CHECK_FAILS(x, ACTIVE_REFUSED, "invalid_scope");
    CHECK_TEXT(error->kind_name, "refused");
    CHECK_TEXT(error->code, "invalid_scope");
    CHECK_TEXT(error->standard_code, "invalid_scope");
    CHECK_NUMBER(error->status, 400);
    CHECK(!error->transient);
    CHECK_NUMBER(error->retry_after_ms, -1);
    active_exchange_free(x);

    active_client_secret(client, "wrong");
    x = active_client_token(client, "client_credentials", SCOPES, 1);
    error = CHECK_FAILS(x, ACTIVE_REFUSED, "invalid_client");
    CHECK_TEXT(error->standard_code, "invalid_client");
    active_exchange_free(x);
    active_client_free(client);
}

static void a_call_carries_the_bearer_token(void)
{
    active_client *client = client_of("buildpass");
    active_token *token = token_of(client, "buildpass");
    active_exchange *x = active_client_call(client, token, "GET", "/v1/builders");
    if (CHECK_DONE(x)) {
        const active_answer *answer = active_exchange_answer(x);
        char *body = text_of(answer->body, answer->body_length);
        CHECK_NUMBER(answer->status, 200);
        CHECK_HOLDS(body, "Riverside Constructions");
        CHECK(answer->header_count > 0 && answer->headers[0].name && answer->headers[0].value);
        CHECK(active_exchange_token(x) == NULL);
        free(body);
    }
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void a_revoked_token_is_renewed_by_the_grant_and_the_call_repeated(void)
{
    active_client *client = client_of("buildpass");
    active_token *token = token_of(client, "buildpass");
    active_exchange *x = active_client_call(client, token, "GET", "/v1/builders");
    active_exchange_renew_by(x, "client_credentials", SCOPES, 1);
    order("/revoke", "{\"provider\": \"buildpass\", \"all\": true}");
    if (CHECK_DONE(x)) {
        CHECK_NUMBER(active_exchange_answer(x)->status, 200);
        CHECK(active_exchange_token(x) && strcmp(active_exchange_token(x)->access_token, token->access_token) != 0);
    }
    CHECK_NUMBER(counter("buildpass", "api_requests"), 2);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 2);
    active_exchange_free(x);

    x = active_client_call(client, token, "GET", "/v1/builders");
    CHECK_FAILS(x, ACTIVE_EXPIRED, "log in again");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void a_refusal_that_no_other_token_would_change_is_an_answer(void)
{
    active_client *client = client_of("buildpass");
    active_token *token = token_of(client, "buildpass");
    active_exchange *x = active_client_call(client, token, "GET", "/v1/insurances"); /* the token is for builders */
    active_exchange_renew_by(x, "client_credentials", SCOPES, 1);
    if (CHECK_DONE(x)) CHECK_NUMBER(active_exchange_answer(x)->status, 403);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 1);
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void a_login_in_the_browser_gives_a_token_that_rotates(void)
{
    active_client *client = client_of("buildpass");
    active_login *login = active_client_authorize(client, "https://app.example/callback", SCOPES, 1, 0, NULL);
    active_exchange *x;
    char *callback;
    CHECK(active_login_error(login) == NULL);
    CHECK_HOLDS(active_login_url(login), "code_challenge_method=S256");
    CHECK_HOLDS(active_login_url(login), "state=");
    CHECK_NUMBER(active_login_url_expires_at_ms(login), -1);
    CHECK(!active_login_is_taken(login));
    callback = browse(active_login_url(login));
    x = active_client_callback(client, login, callback);
    CHECK(active_login_is_taken(login));
    CHECK(active_login_saved(login) == NULL);
    if (CHECK_DONE(x)) {
        active_token *token = active_token_copy(active_exchange_token(x));
        active_exchange *again = active_client_refresh(client, token);
        CHECK(token->refresh_token != NULL);
        CHECK_NUMBER(active_exchange_step(again, NULL), ACTIVE_SEND);
        active_exchange_carry(again);
        CHECK_NUMBER(active_exchange_step(again, NULL), ACTIVE_SAVE);
        CHECK(active_exchange_token(again) && strcmp(active_exchange_token(again)->refresh_token, token->refresh_token) != 0);
        CHECK_NUMBER(active_exchange_step(again, NULL), ACTIVE_DONE);
        active_exchange_free(again);
        /* The old refresh token is used up. */
        again = active_client_refresh(client, token);
        CHECK_TEXT(CHECK_FAILS(again, ACTIVE_REFUSED, "invalid_grant")->standard_code, "invalid_grant");
        active_exchange_free(again);
        active_token_free(token);
    }
    active_exchange_free(x);
    free(callback);
    active_login_free(login);
    active_client_free(client);
}

static void a_token_without_a_refresh_token_is_renewed_by_the_grant(void)
{
    active_client *client = client_of("buildpass");
    active_token *token = token_of(client, "buildpass");
    active_exchange *x = active_client_refresh(client, token);
    CHECK(token->refresh_token == NULL);
    CHECK_FAILS(x, ACTIVE_EXPIRED, "");
    active_exchange_free(x);
    x = active_client_renew(client, token, "client_credentials", SCOPES, 1);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
    active_exchange_carry(x);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SAVE);
    CHECK(strcmp(active_exchange_token(x)->access_token, token->access_token) != 0);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_DONE);
    active_exchange_free(x);
    x = active_client_renew(client, token, NULL, NULL, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "grant");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

RUN_TESTS(TEST(all_three_ways_to_ask_give_a_token),
          TEST(special_characters_in_the_credentials_arrive_in_each_way),
          TEST(a_narrower_scope_is_told_and_is_no_error),
          TEST(an_omitted_scope_is_the_one_asked_for),
          TEST(the_lifetime_is_read_in_every_form),
          TEST(the_printed_example_with_its_comment_is_garbled_and_loses_nothing),
          TEST(refusals_have_the_servers_code_and_the_standard_one),
          TEST(a_call_carries_the_bearer_token),
          TEST(a_revoked_token_is_renewed_by_the_grant_and_the_call_repeated),
          TEST(a_refusal_that_no_other_token_would_change_is_an_answer),
          TEST(a_token_without_a_refresh_token_is_renewed_by_the_grant),
          TEST(a_login_in_the_browser_gives_a_token_that_rotates))
