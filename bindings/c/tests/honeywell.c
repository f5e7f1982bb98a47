/* Does Honeywell Home work from C? Source: Honeywell Home OAuth2 guide (organisation connectedhome). */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const char REDIRECT[] = "https://app.example/callback";

/* Logs in by the browser; NULL where that failed. */
static active_token *log_in(active_client *client)
{
    active_login *login = active_client_authorize(client, REDIRECT, NULL, 0, 0, NULL);
    char *callback = browse(active_login_url(login));
    active_exchange *x = active_client_callback(client, login, callback);
    active_token *token = NULL;
    if (CHECK_DONE(x)) token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    active_login_free(login);
    free(callback);
    return token;
}

static void client_credentials_give_a_token_whose_every_field_is_there(void)
{
    active_client *client = client_of("honeywell");
    active_token *token = token_of(client, "honeywell");
    CHECK_TEXT(token->token_type, "BearerToken");
    CHECK(strncmp(token->authorization, "Bearer ", 7) == 0);
    CHECK_TEXT(token->authorization + 7, token->access_token);
    CHECK_NUMBER(token->expires_at_ms - token->received_at_ms, 3599000);
    CHECK_TEXT(token->deviations, "token_type alias, expires_in text");
    CHECK_TEXT(active_token_field(token, "/"), "\"\"");
    CHECK_TEXT(active_token_field(token, "/organization_name"), "\"connectedhome\"");
    CHECK_TEXT(active_token_field(token, "/refresh_token_expires_in"), "\"0\"");
    CHECK(active_token_field(token, "/nothing") == NULL);
    CHECK(token->answer && memchr(token->answer, '{', token->answer_length));
    active_token_free(token);
    active_client_free(client);
}

static void special_characters_go_raw_into_basic(void)
{
    active_client *client = special_client_of("honeywell");
    active_token *token = token_of(client, "honeywell");
    active_token_free(token);
    active_client_free(client);
}

static void a_call_has_the_apikey_and_may_have_a_header(void)
{
    active_client *client = client_of("honeywell");
    active_token *token = token_of(client, "honeywell");
    active_exchange *x = active_client_call(client, token, "GET", "/v2/locations");
    if (CHECK_DONE(x)) CHECK_NUMBER(active_exchange_answer(x)->status, 400); /* without UserRefID */
    active_exchange_free(x);
    x = active_client_call(client, token, "GET", "/v2/locations");
    active_exchange_header(x, "UserRefID", sandbox("credentials.honeywell.user_ref_id"));
    if (CHECK_DONE(x)) {
        const active_answer *answer = active_exchange_answer(x);
        char *body = text_of(answer->body, answer->body_length);
        CHECK_NUMBER(answer->status, 200);
        CHECK_HOLDS(body, "Living room");
        free(body);
    }
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void a_login_survives_as_text_and_works_once(void)
{
    active_client *client = client_of("honeywell");
    active_login *begun = active_client_authorize(client, REDIRECT, NULL, 0, 0, NULL), *restored;
    char *callback = browse(active_login_url(begun)), *saved;
    active_exchange *x;
    CHECK(active_login_error(begun) == NULL);
    saved = text_of(active_login_saved(begun), strlen(active_login_saved(begun)));
    active_login_free(begun);

    restored = active_login_restore(saved);
    CHECK(active_login_error(restored) == NULL);
    CHECK_TEXT(active_login_url(restored), "");
    x = active_client_callback(client, restored, "https://app.example/callback?code=stolen&state=forged");
    CHECK_FAILS(x, ACTIVE_UNTRUSTED, "state");
    active_exchange_free(x);
    CHECK(!active_login_is_taken(restored));
    x = active_client_callback(client, restored, callback);
    if (CHECK_DONE(x)) CHECK(active_exchange_token(x)->refresh_token != NULL);
    CHECK(active_login_is_taken(restored));
    active_exchange_free(x);
    x = active_client_callback(client, restored, callback);
    CHECK_FAILS(x, ACTIVE_EXPIRED, "a login works once");
    active_exchange_free(x);
    active_login_free(restored);
    free(callback);
    free(saved);
    active_client_free(client);
}

static void a_user_who_says_no_is_a_refusal(void)
{
    active_client *client = client_of("honeywell");
    active_login *login = active_client_authorize(client, REDIRECT, NULL, 0, 0, NULL);
    active_exchange *x;
    char *callback;
    order("/reading", "{\"provider\": \"honeywell\", \"consent\": \"deny\"}");
    callback = browse(active_login_url(login));
    x = active_client_callback(client, login, callback);
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_REFUSED, "access_denied")->standard_code, "access_denied");
    active_exchange_free(x);
    active_login_free(login);
    free(callback);
    active_client_free(client);
}

static void a_login_that_took_too_long_has_expired(void)
{
    active_client *client = client_of("honeywell");
    const active_now begun = {1700000000000, 0};
    active_login *login = active_client_authorize(client, REDIRECT, NULL, 0, 60000, &begun);
    char *callback = browse(active_login_url(login));
    active_exchange *x = active_client_callback(client, login, callback);
    const active_now late = {1700000060001, 60001};
    CHECK_NUMBER(active_exchange_step(x, &late), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_EXPIRED);
    active_exchange_free(x);
    active_login_free(login);
    free(callback);
    active_client_free(client);
}

static void a_token_that_died_early_is_refreshed_in_every_reading_and_stored_before_use(void)
{
    static const char *const readings[] = {"rotate", "same", "omit"};
    active_client *client = client_of("honeywell");
    size_t i;
    for (i = 0; i < 3; i++) {
        active_token *token;
        active_exchange *x;
        order("/reading", "{\"provider\": \"honeywell\", \"refresh\": \"%s\"}", readings[i]);
        token = log_in(client);
        order("/revoke", "{\"provider\": \"honeywell\", \"all\": true}");
        x = active_client_call(client, token, "GET", "/v2/locations");
        CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
        active_exchange_carry(x);
        CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
        CHECK_HOLDS(active_exchange_request(x)->url, "/oauth2/token");
        active_exchange_carry(x);
        CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SAVE);
        CHECK_NUMBER(strcmp(active_exchange_token(x)->refresh_token, token->refresh_token) == 0, i > 0);
        CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
        CHECK_HOLDS(active_exchange_request(x)->url, "apikey=");
        active_exchange_carry(x);
        CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_DONE);
        CHECK_NUMBER(active_exchange_answer(x)->status, 200);
        active_exchange_free(x);
        active_token_free(token);
    }
    active_client_free(client);
}

static void every_shape_of_apigees_errors_is_read(void)
{
    static const char *const shapes[] = {"apigee", "fault", "rfc"};
    active_client *client = client_of("honeywell");
    size_t i;
    active_client_secret(client, "wrong");
    for (i = 0; i < 3; i++) {
        active_exchange *x;
        const active_error *error;
        order("/reading", "{\"provider\": \"honeywell\", \"errors\": \"%s\"}", shapes[i]);
        x = asking(client, "honeywell");
        error = CHECK_FAILS(x, ACTIVE_REFUSED, "honeywell refused");
        CHECK_TEXT(error->standard_code, "invalid_client");
        CHECK(error->code != NULL);
        CHECK(error->description != NULL);
        active_exchange_free(x);
    }
    active_client_free(client);
}

static void a_wrong_redirect_uri_is_refused(void)
{
    active_client *client = client_of("honeywell");
    active_login *login = active_client_authorize(client, "https://other.example/", NULL, 0, 0, NULL);
    char *location = browse(active_login_url(login));
    CHECK_TEXT(location, ""); /* the browser is sent nowhere */
    free(location);
    active_login_free(login);
    active_client_free(client);
}

RUN_TESTS(TEST(client_credentials_give_a_token_whose_every_field_is_there),
          TEST(special_characters_go_raw_into_basic),
          TEST(a_call_has_the_apikey_and_may_have_a_header),
          TEST(a_login_survives_as_text_and_works_once),
          TEST(a_user_who_says_no_is_a_refusal),
          TEST(a_login_that_took_too_long_has_expired),
          TEST(a_token_that_died_early_is_refreshed_in_every_reading_and_stored_before_use),
          TEST(every_shape_of_apigees_errors_is_read),
          TEST(a_wrong_redirect_uri_is_refused))
