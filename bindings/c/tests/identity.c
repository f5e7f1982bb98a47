/* Who logged in, and is it believed too soon?
 *
 * Sources: OpenID Connect Core 1.0 §3.1.3.7, §15.5.2; OpenID Connect RP-Initiated Logout 1.0 §2; RFC 9101. The ID tokens are signed here by a key of ours. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jwt.h"

static const active_now NOW = {1700000000000, 5000};
static const active_pair OPENID[] = {{"scope", "openid"}};
static const char RECORD[] =
    "{\"version\": 1, \"name\": \"login.example\", \"issuer\": \"https://login.example\", \"base\": \"https://login.example\","
    "\"token\": {\"url\": \"/token\", \"auth\": \"none\"}, \"authorize\": {\"url\": \"/authorize\"},"
    "\"endpoints\": {\"jwks\": \"/%s\", \"end_session\": \"/logout\"}}";

static active_client *client_with_keys_at(const char *place)
{
    char record[512];
    snprintf(record, sizeof record, RECORD, place);
    return active_client_new_from_record(record, "id");
}

/* The text that an exchange makes at once; free it. */
static char *text_at_once(active_exchange *x)
{
    const char *made;
    char *text;
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_DONE);
    made = active_exchange_text(x);
    text = text_of(made, made ? strlen(made) : 0);
    CHECK(active_exchange_document(x) == NULL);
    active_exchange_free(x);
    return text;
}

/* An answer of the token endpoint with an ID token whose claims are these, signed by that key; free it. */
static char *answer_with(const active_key *key, const char *claims)
{
    char *jwt = text_at_once(active_key_sign_jwt(key, NULL, claims)), *body = (char *)malloc(4096);
    snprintf(body, 4096, "{\"access_token\": \"2YotnFZ\", \"token_type\": \"Bearer\", \"id_token\": \"%s\"}", jwt);
    free(jwt);
    return body;
}

static active_step answered(active_exchange *x, const char *body)
{
    active_exchange_receive(x, 200, NULL, 0, body, strlen(body));
    return active_exchange_step(x, &NOW);
}

/* The step after the server has told its keys, of which that one is. */
static active_step told_keys(active_exchange *x, const active_key *key)
{
    char jwks[1024];
    snprintf(jwks, sizeof jwks, "{\"keys\": [%s]}", active_key_public_jwk(key));
    return answered(x, jwks);
}

/* The value of a parameter of a URL. */
static const char *parameter(const char *url, const char *name, char *to, size_t size)
{
    char wanted[32];
    const char *at;
    snprintf(wanted, sizeof wanted, "%s=", name);
    at = strstr(url, wanted);
    at = at ? at + strlen(wanted) : "";
    snprintf(to, size, "%.*s", (int)strcspn(at, "&"), at);
    return to;
}

/* Logs in until the token endpoint has answered with these claims, the %s in which is the login's nonce. */
static active_exchange *logged_in(active_client *client, const active_key *key, const char *format)
{
    active_login *login = active_client_authorize(client, "https://app.example/callback", OPENID, 1, 0, &NOW);
    char state[128], nonce[128], callback[256], claims[512], *body;
    active_exchange *x;
    CHECK(*parameter(active_login_url(login), "nonce", nonce, sizeof nonce));
    snprintf(callback, sizeof callback, "code=x&state=%s", parameter(active_login_url(login), "state", state, sizeof state));
    x = active_client_callback(client, login, callback);
    active_login_free(login);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    snprintf(claims, sizeof claims, format, nonce);
    body = answer_with(key, claims);
    CHECK_NUMBER(answered(x, body), ACTIVE_SEND);
    free(body);
    return x;
}

static void a_login_with_openid_has_its_id_token_checked_without_being_asked(void)
{
    active_key *key = active_key_generate("ES256", "k1");
    active_client *client = client_with_keys_at("unasked");
    active_token *token;
    active_exchange *x = logged_in(client, key, "{\"iss\":\"https://login.example\",\"aud\":\"id\",\"sub\":\"alice\",\"nonce\":\"%s\",\"iat\":1700000000,\"exp\":1700000600}");
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/unasked");
    CHECK(active_exchange_token(x) == NULL);
    CHECK_NUMBER(told_keys(x, key), ACTIVE_DONE);
    token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    /* This client knows the keys now. */
    x = active_client_id_token(client, token, NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_DONE);
    active_exchange_free(x);
    /* Another one asks for itself: its requests may be carried by somebody else. */
    active_client_free(client);
    client = client_with_keys_at("unasked");
    x = active_client_id_token(client, token, NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/unasked");
    CHECK_NUMBER(told_keys(x, key), ACTIVE_DONE);
    CHECK_TEXT(active_document_field(active_exchange_document(x), "/sub"), "\"alice\"");
    active_exchange_free(x);
    x = active_client_id_token(client, token, "another");
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
    CHECK_HOLDS(active_exchange_error(x)->message, "nonce");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
    active_key_free(key);
}

static void an_id_token_that_is_wrong_gives_no_token(void)
{
    static const struct { const char *claims, *why; } wrongs[] = {
        {"{\"iss\":\"https://evil.example\",\"aud\":\"id\",\"sub\":\"alice\",\"nonce\":\"%s\",\"iat\":1700000000,\"exp\":1700000600}", "iss"},
        {"{\"iss\":\"https://login.example\",\"aud\":\"other\",\"sub\":\"alice\",\"nonce\":\"%s\",\"iat\":1700000000,\"exp\":1700000600}", "aud"},
        {"{\"iss\":\"https://login.example\",\"aud\":\"id\",\"sub\":\"alice\",\"nonce\":\"%s\",\"iat\":1600000000,\"exp\":1600000600}", "expired"},
        {"{\"iss\":\"https://login.example\",\"aud\":\"id\",\"sub\":\"alice\",\"nonce\":\"not %s\",\"iat\":1700000000,\"exp\":1700000600}", "nonce"},
    };
    active_key *key = active_key_generate("ES256", "k1"), *stranger = active_key_generate("ES256", "k1");
    active_client *client;
    active_exchange *x;
    char place[16];
    size_t i;
    for (i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        snprintf(place, sizeof place, "wrong%d", (int)i);
        client = client_with_keys_at(place);
        x = logged_in(client, key, wrongs[i].claims);
        CHECK_NUMBER(told_keys(x, key), ACTIVE_FAILED);
        CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
        CHECK_HOLDS(active_exchange_error(x)->message, wrongs[i].why);
        CHECK(active_exchange_token(x) == NULL);
        active_exchange_free(x);
        active_client_free(client);
    }
    client = client_with_keys_at("stranger");
    x = logged_in(client, stranger, "{\"iss\":\"https://login.example\",\"aud\":\"id\",\"sub\":\"alice\",\"nonce\":\"%s\",\"iat\":1700000000,\"exp\":1700000600}");
    CHECK_NUMBER(told_keys(x, key), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
    CHECK_HOLDS(active_exchange_error(x)->message, "signature");
    active_exchange_free(x);
    active_client_free(client);
    active_key_free(stranger);
    active_key_free(key);
}

static void a_record_without_keys_leaves_id_tokens_to_the_program(void)
{
    active_client *client = active_client_new_from_record(
        "{\"version\": 1, \"name\": \"login.example\", \"base\": \"https://login.example\", \"token\": {\"url\": \"/token\", \"auth\": \"none\"},"
        "\"authorize\": {\"url\": \"/authorize\"}}", "id");
    active_login *login = active_client_authorize(client, "https://app.example/callback", OPENID, 1, 0, &NOW);
    active_exchange *x;
    active_token *token;
    CHECK(strstr(active_login_url(login), "nonce=") == NULL);
    active_login_free(login);
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_NUMBER(answered(x, "{\"access_token\": \"2YotnFZ\", \"token_type\": \"Bearer\", \"id_token\": \"a.b.c\"}"), ACTIVE_DONE);
    token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    CHECK_TEXT(active_token_id_token(token), "a.b.c");
    x = active_client_id_token(client, token, NULL);
    CHECK_FAILS(x, ACTIVE_USAGE, "");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void the_url_of_a_logout_holds_what_the_provider_needs(void)
{
    active_client *client = client_with_keys_at("logout");
    char *url = text_at_once(active_client_end_session_url(client, "a.b.c", "https://app.example/bye", "s t"));
    active_exchange *x;
    CHECK_TEXT(url, "https://login.example/logout?id_token_hint=a.b.c&client_id=id&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=s%20t");
    free(url);
    url = text_at_once(active_client_end_session_url(client, NULL, NULL, NULL));
    CHECK_TEXT(url, "https://login.example/logout?client_id=id");
    free(url);
    x = active_client_end_session_url(client, NULL, NULL, "state");
    CHECK_FAILS(x, ACTIVE_USAGE, "post_logout_redirect_uri");
    CHECK(active_exchange_text(x) == NULL);
    active_exchange_free(x);
    active_client_free(client);
    client = active_client_new("buildpass", "id");
    x = active_client_end_session_url(client, NULL, NULL, NULL);
    CHECK_FAILS(x, ACTIVE_USAGE, "names no such endpoint");
    active_exchange_free(x);
    active_client_free(client);
}

static void a_text_is_made_once(void)
{
    active_client *client = client_with_keys_at("once");
    active_exchange *x = active_client_end_session_url(client, NULL, NULL, NULL);
    CHECK_DONE(x);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_FAILED);
    CHECK_HOLDS(active_exchange_error(x)->message, "ended");
    active_exchange_free(x);
    active_client_free(client);
}

static void signed_requests_say_all_in_one_statement(void)
{
    active_key *key = active_key_generate("ES256", "k1");
    active_client *client = client_with_keys_at("signed");
    active_login *login;
    json_t *head, *claims;
    char request[4096];
    active_client_signed_requests(client);
    login = active_client_authorize(client, "https://app.example/callback", OPENID, 1, 0, &NOW);
    CHECK(active_login_error(login) != NULL);
    if (active_login_error(login)) CHECK_HOLDS(active_login_error(login)->message, "a signed request needs the client's key");
    active_login_free(login);
    active_client_key(client, key);
    login = active_client_authorize(client, "https://app.example/callback", OPENID, 1, 0, &NOW);
    CHECK(strstr(active_login_url(login), "scope") == NULL);
    parameter(active_login_url(login), "request", request, sizeof request);
    head = part(request, 0);
    claims = part(request, 1);
    CHECK_TEXT(member(head, "typ"), "oauth-authz-req+jwt");
    CHECK_TEXT(member(claims, "aud"), "https://login.example");
    CHECK_TEXT(member(claims, "scope"), "openid");
    CHECK_TEXT(member(claims, "redirect_uri"), "https://app.example/callback");
    json_decref(head);
    json_decref(claims);
    active_login_free(login);
    active_client_free(client);
    active_key_free(key);
}

static void a_legacy_answer_comes_in_the_fragment(void)
{
    static const active_pair token[] = {{"response_type", "token"}};
    active_client *client = client_with_keys_at("legacy");
    active_login *login = active_client_authorize(client, "https://app.example/callback", token, 1, 0, &NOW);
    char state[128], callback[256];
    active_exchange *x;
    CHECK_HOLDS(active_login_url(login), "response_type=token&");
    snprintf(callback, sizeof callback, "https://app.example/callback#access_token=2YotnFZ&token_type=Bearer&state=%s",
             parameter(active_login_url(login), "state", state, sizeof state));
    x = active_client_callback(client, login, callback);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_DONE);
    CHECK_TEXT(active_exchange_token(x)->access_token, "2YotnFZ");
    active_exchange_free(x);
    active_login_free(login);
    active_client_free(client);
}

static void a_signed_answer_is_believed_and_a_plain_one_is_not(void)
{
    static const active_pair jarm[] = {{"response_mode", "jwt"}};
    active_key *key = active_key_generate("ES256", "k1");
    active_client *client = client_with_keys_at("jarm");
    active_login *login = active_client_authorize(client, "https://app.example/callback", jarm, 1, 0, &NOW);
    char state[128], callback[2048], claims[512], *jwt;
    active_exchange *x;
    CHECK_HOLDS(active_login_url(login), "response_mode=jwt");
    snprintf(callback, sizeof callback, "code=x&state=%s", parameter(active_login_url(login), "state", state, sizeof state));
    x = active_client_callback(client, login, callback);
    CHECK_FAILS(x, ACTIVE_UNTRUSTED, "");
    active_exchange_free(x);
    CHECK(!active_login_is_taken(login));
    snprintf(claims, sizeof claims, "{\"iss\":\"https://login.example\",\"aud\":\"id\",\"exp\":1700000600,\"code\":\"x\",\"state\":\"%s\"}", state);
    jwt = text_at_once(active_key_sign_jwt(key, NULL, claims));
    snprintf(callback, sizeof callback, "https://app.example/callback?response=%s", jwt);
    free(jwt);
    x = active_client_callback(client, login, callback);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/jarm");
    CHECK_NUMBER(told_keys(x, key), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/token");
    active_exchange_free(x);
    active_login_free(login);
    active_client_free(client);
    active_key_free(key);
}

static void an_api_checks_the_tokens_of_its_callers(void)
{
    static const char claims[] = "{\"iss\":\"https://login.example\",\"aud\":\"https://api.example\",\"sub\":\"alice\",\"client_id\":\"app\","
                                 "\"iat\":1700000000,\"exp\":1700000600,\"jti\":\"1\",\"scope\":\"read\",\"acr\":\"gold\",\"auth_time\":1699999700}";
    active_key *key = active_key_generate("ES256", "k1");
    active_client *client = client_with_keys_at("api");
    char *jwt = text_at_once(active_key_sign_jwt(key, "at+jwt", claims)), header[2048], *challenge;
    active_token *token;
    active_exchange *x;
    snprintf(header, sizeof header, "Bearer %s", jwt);
    free(jwt);
    token = active_client_presented(client, header, &NOW);
    CHECK(active_token_error(token) == NULL);
    x = active_client_access_token_claims(client, token, "https://api.example");
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_NUMBER(told_keys(x, key), ACTIVE_DONE);
    CHECK_TEXT(active_document_field(active_exchange_document(x), "/scope"), "\"read\"");
    CHECK(active_step_up_is_met(active_exchange_document(x), NULL, -1, &NOW));
    CHECK(active_step_up_is_met(active_exchange_document(x), "silver gold", 600, &NOW));
    CHECK(!active_step_up_is_met(active_exchange_document(x), "platinum", -1, &NOW));
    CHECK(!active_step_up_is_met(active_exchange_document(x), NULL, 60, &NOW));
    CHECK(!active_step_up_is_met(NULL, NULL, -1, &NOW));
    active_exchange_free(x);
    challenge = text_at_once(active_step_up_challenge("DPoP", "platinum", 60));
    CHECK_TEXT(challenge, "DPoP error=\"insufficient_user_authentication\", acr_values=\"platinum\", max_age=\"60\"");
    free(challenge);
    x = active_step_up_challenge(NULL, NULL, -1);
    CHECK_FAILS(x, ACTIVE_USAGE, "scheme: is NULL");
    active_exchange_free(x);
    x = active_client_access_token_claims(client, token, "https://other.example");
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
    CHECK_HOLDS(active_exchange_error(x)->message, "aud");
    active_exchange_free(x);
    active_token_free(token);
    token = active_client_presented(client, "Basic YWxhZGRpbjpvcGVu", NULL);
    CHECK(active_token_error(token) != NULL);
    if (active_token_error(token)) {
        CHECK_NUMBER(active_token_error(token)->kind, ACTIVE_UNTRUSTED);
        CHECK(strstr(active_token_error(token)->message, "YWxh") == NULL);
    }
    active_token_free(token);
    active_client_free(client);
    active_key_free(key);
}

static void rfc_9701_5_an_answer_that_is_not_signed_is_not_believed(void)
{
    active_client *client = active_client_new_from_record(
        "{\"version\": 1, \"name\": \"login.example\", \"issuer\": \"https://login.example\", \"base\": \"https://login.example\","
        "\"token\": {\"url\": \"/token\", \"auth\": \"none\"}, \"endpoints\": {\"jwks\": \"/introspected\", \"introspection\": \"/introspect\"}}", "id");
    active_token *token = active_client_presented(client, "Bearer 2YotnFZ", &NOW);
    active_exchange *x = active_client_introspect_signed(client, token);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(header(active_exchange_request(x), "accept"), "application/token-introspection+jwt");
    CHECK_NUMBER(answered(x, "{\"active\": true}"), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

RUN_TESTS(TEST(a_login_with_openid_has_its_id_token_checked_without_being_asked),
          TEST(an_id_token_that_is_wrong_gives_no_token),
          TEST(a_record_without_keys_leaves_id_tokens_to_the_program),
          TEST(the_url_of_a_logout_holds_what_the_provider_needs),
          TEST(a_text_is_made_once),
          TEST(signed_requests_say_all_in_one_statement),
          TEST(a_legacy_answer_comes_in_the_fragment),
          TEST(a_signed_answer_is_believed_and_a_plain_one_is_not),
          TEST(an_api_checks_the_tokens_of_its_callers),
          TEST(rfc_9701_5_an_answer_that_is_not_signed_is_not_believed))
