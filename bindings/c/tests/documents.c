/* What becomes of a token that is revoked or asked about? Sources: BuildPass OAuth guide; RFC 7009; RFC 7662; OpenID Connect Core 1.0 §5.3. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const active_pair SCOPES[] = {{"scope", "read:builders"}};
static const active_now NOW = {1700000000000, 5000};
static const char RECORD[] =
    "{\"version\": 1, \"name\": \"login.example\", \"base\": \"https://login.example\", \"token\": {\"url\": \"/token\", \"auth\": \"post\"},"
    "\"endpoints\": {\"introspection\": \"/introspect\", \"userinfo\": \"/userinfo\"}}";

/* Steps to the request, hands in that answer, and steps once more. */
static active_step answered(active_exchange *x, int status, const char *body)
{
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    active_exchange_receive(x, status, NULL, 0, body, strlen(body));
    return active_exchange_step(x, &NOW);
}

static active_client *documented_client(void)
{
    active_client *client = active_client_new_from_record(RECORD, "id");
    active_client_secret(client, "secret");
    return client;
}

static active_token *documented_token(const active_client *client)
{
    active_exchange *x = active_client_token(client, "client_credentials", NULL, 0);
    active_token *token;
    CHECK_NUMBER(answered(x, 200, "{\"access_token\": \"2YotnFZ\", \"token_type\": \"Bearer\"}"), ACTIVE_DONE);
    token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    return token;
}

static void a_revoked_token_is_over(void)
{
    active_client *client = client_of("buildpass");
    active_token *token = token_of(client, "buildpass"), *other = token_of(client, "buildpass");
    active_exchange *x = active_client_revoke(client, token);
    if (CHECK_DONE(x)) {
        CHECK_TEXT(active_exchange_document(x)->json, "{}");
        CHECK_NUMBER(active_exchange_document(x)->json_length, 2);
        CHECK(active_document_field(active_exchange_document(x), "/active") == NULL);
        CHECK(active_exchange_token(x) == NULL);
    }
    active_exchange_free(x);
    x = active_client_call(client, token, "GET", "/v1/builders");
    CHECK_FAILS(x, ACTIVE_EXPIRED, "no refresh token and no grant");
    active_exchange_free(x);
    x = active_client_call(client, other, "GET", "/v1/builders");
    if (CHECK_DONE(x)) CHECK_NUMBER(active_exchange_answer(x)->status, 200);
    active_exchange_free(x);
    /* RFC 7009 §2.2: what the server does not know is revoked already. */
    x = active_client_revoke(client, token);
    CHECK_DONE(x);
    active_exchange_free(x);
    active_token_free(token);
    active_token_free(other);
    active_client_free(client);
}

static void with_the_refresh_token_goes_all_that_came_of_the_login(void)
{
    active_client *client = client_of("buildpass");
    active_login *login = active_client_authorize(client, "https://app.example/callback", SCOPES, 1, 0, NULL);
    char *callback = browse(active_login_url(login));
    active_exchange *x = active_client_callback(client, login, callback);
    active_token *token = NULL;
    if (CHECK_DONE(x)) token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    x = active_client_revoke(client, token);
    CHECK_DONE(x);
    active_exchange_free(x);
    x = active_client_refresh(client, token);
    CHECK_FAILS(x, ACTIVE_REFUSED, "invalid_grant");
    active_exchange_free(x);
    active_token_free(token);
    free(callback);
    active_login_free(login);
    active_client_free(client);
}

static void a_wrong_secret_revokes_nothing(void)
{
    active_client *client = client_of("buildpass");
    active_token *token = token_of(client, "buildpass");
    active_exchange *x;
    active_client_secret(client, "wrong-secret");
    x = active_client_revoke(client, token);
    CHECK_FAILS(x, ACTIVE_REFUSED, "invalid_client");
    CHECK(active_exchange_document(x) == NULL);
    active_exchange_free(x);
    x = active_client_call(client, token, "GET", "/v1/builders");
    if (CHECK_DONE(x)) CHECK_NUMBER(active_exchange_answer(x)->status, 200);
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void a_provider_that_does_not_revoke_says_so_before_anything_is_sent(void)
{
    active_client *client = client_of("honeywell");
    active_token *token = token_of(client, "honeywell");
    active_exchange *x = active_client_revoke(client, token);
    CHECK_FAILS(x, ACTIVE_USAGE, "revocation");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void what_a_server_knows_of_a_token_is_a_document(void)
{
    static const char body[] = "{\"active\": true, \"sub\": \"jo\", \"exp\": 1700003600, \"aud\": [\"a\", \"b\"], \"big\": 12345678901234567890123}";
    active_client *client = documented_client();
    active_token *token = documented_token(client);
    active_exchange *x = active_client_introspect(client, token);
    CHECK_NUMBER(answered(x, 200, body), ACTIVE_DONE);
    if (active_exchange_document(x)) {
        active_document *document = active_document_copy(active_exchange_document(x));
        active_exchange_free(x);
        x = NULL;
        CHECK_TEXT(document->json, body);
        CHECK_NUMBER(document->json_length, sizeof body - 1);
        CHECK_TEXT(active_document_field(document, "/active"), "true");
        CHECK_TEXT(active_document_field(document, "/sub"), "\"jo\"");
        CHECK_TEXT(active_document_field(document, "/aud/1"), "\"b\"");
        CHECK(active_document_field(document, "/nothing") == NULL);
        CHECK(active_document_field(document, "no pointer") == NULL);
        CHECK(active_document_field(document, NULL) == NULL);
        active_document_free(document);
    } else {
        CHECK(!"a document");
    }
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void an_answer_that_does_not_say_what_it_must_is_garbled(void)
{
    active_client *client = documented_client();
    active_token *token = documented_token(client);
    active_exchange *x = active_client_introspect(client, token);
    CHECK_NUMBER(answered(x, 200, "{\"sub\": \"jo\"}"), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_GARBLED);
    CHECK_HOLDS(active_exchange_error(x)->message, "whether the token is active");
    active_exchange_free(x);
    x = active_client_userinfo(client, token);
    CHECK_NUMBER(answered(x, 200, "{\"name\": \"Jo\"}"), ACTIVE_FAILED);
    CHECK_HOLDS(active_exchange_error(x)->message, "sub");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void userinfo_says_who_logged_in(void)
{
    active_client *client = documented_client();
    active_token *token = documented_token(client);
    active_exchange *x = active_client_userinfo(client, token);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->method, "GET");
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/userinfo");
    CHECK_NUMBER(answered(x, 200, "{\"sub\": \"248289761001\"}"), ACTIVE_DONE);
    CHECK_TEXT(active_document_field(active_exchange_document(x), "/sub"), "\"248289761001\"");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void a_token_of_another_provider_is_asked_about_nowhere(void)
{
    active_client *client = documented_client(), *other = client_of("buildpass");
    active_token *token = documented_token(client);
    active_exchange *x = active_client_revoke(other, token);
    CHECK_FAILS(x, ACTIVE_USAGE, "login.example");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(other);
    active_client_free(client);
}

RUN_TESTS(TEST(a_revoked_token_is_over),
          TEST(with_the_refresh_token_goes_all_that_came_of_the_login),
          TEST(a_wrong_secret_revokes_nothing),
          TEST(a_provider_that_does_not_revoke_says_so_before_anything_is_sent),
          TEST(what_a_server_knows_of_a_token_is_a_document),
          TEST(an_answer_that_does_not_say_what_it_must_is_garbled),
          TEST(userinfo_says_who_logged_in),
          TEST(a_token_of_another_provider_is_asked_about_nowhere))
