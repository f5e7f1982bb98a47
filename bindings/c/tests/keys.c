/* How does a client prove who it is by a key, how are tokens bound to one, and what is found out about a provider before a login?
 *
 * Sources: RFC 7523, RFC 7591, RFC 8037 appendix A, RFC 8414, RFC 9126, RFC 9449, RFC 9728. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "jwt.h"

static const active_now NOW = {1700000000000, 5000};
static const char RECORD[] =
    "{\"version\": 1, \"name\": \"login.example\", \"issuer\": \"https://login.example\", \"base\": \"https://login.example\","
    "\"token\": {\"url\": \"/token\", \"auth\": \"private_key_jwt\"}, \"authorize\": {\"url\": \"/authorize\"},"
    "\"endpoints\": {\"pushed_authorization_request\": \"/par\"}}";
/* RFC 8037 appendix A.1 */
static const char ED25519[] = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                              "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kid\":\"mine\"}";

static active_client *keyed_client(const active_key *key)
{
    active_client *client = active_client_new_from_record(RECORD, "id");
    active_client_key(client, key);
    return client;
}

static active_step answered(active_exchange *x, int status, const char *body)
{
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    active_exchange_receive(x, status, NULL, 0, body, strlen(body));
    return active_exchange_step(x, &NOW);
}

static void a_client_proves_itself_by_its_key_alone(void)
{
    active_key *key = active_key_from_jwk("EdDSA", ED25519, NULL);
    active_client *client = keyed_client(key);
    active_exchange *x = active_client_token(client, "client_credentials", NULL, 0);
    char *body;
    const char *assertion;
    json_t *head, *claims;
    CHECK(active_key_error(key) == NULL);
    CHECK_TEXT(active_key_thumbprint(key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"); /* RFC 8037 appendix A.3 */
    CHECK(active_key_pem(key) == NULL);
    CHECK_HOLDS(active_key_public_jwk(key), "\"kid\":\"mine\"");
    CHECK(strstr(active_key_public_jwk(key), "nWGxne") == NULL);
    active_key_free(key); /* the client keeps what it needs */
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    body = text_of(active_exchange_request(x)->body, active_exchange_request(x)->body_length);
    CHECK_HOLDS(body, "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer");
    CHECK(strstr(body, "client_secret") == NULL);
    assertion = strstr(body, "client_assertion=");
    assertion = assertion ? strchr(assertion, '=') + 1 : "..";
    head = part(assertion, 0);
    claims = part(assertion, 1);
    CHECK_TEXT(member(head, "alg"), "EdDSA");
    CHECK_TEXT(member(head, "kid"), "mine");
    CHECK_TEXT(member(claims, "iss"), "id");
    CHECK_TEXT(member(claims, "aud"), "https://login.example");
    CHECK_NUMBER(json_integer_value(json_object_get(claims, "iat")), 1700000000);
    json_decref(head);
    json_decref(claims);
    free(body);
    active_exchange_free(x);
    active_client_free(client);
}

static void a_secret_signs_too_where_it_is_long_enough(void)
{
    active_client *client = active_client_new_from_record(RECORD, "id");
    active_exchange *x;
    active_client_auth(client, "client_secret_jwt");
    active_client_assertion_audience(client, "token_endpoint");
    active_client_secret(client, "short");
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "shorter than 32 bytes");
    active_exchange_free(x);
    active_client_secret(client, "c5a7f0e1d2b34c6f8e9a0b1c2d3e4f50");
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    active_exchange_free(x);
    active_client_free(client);
}

static void a_key_that_is_none_is_told_by_the_handle_and_by_the_first_step(void)
{
    static const char public[] = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    static const struct { const char *algorithm, *pem, *why; } wrongs[] = {
        {"ES256", "no key", "no private key in this PEM text"},
        {"ES256", public, "the public key"},
        {"none", "no key", "none of ES256"},
        {NULL, "no key", "is NULL"},
    };
    size_t i;
    for (i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        active_key *key = active_key_from_pem(wrongs[i].algorithm, wrongs[i].pem, strlen(wrongs[i].pem), NULL);
        active_client *client = keyed_client(key);
        active_exchange *x = active_client_token(client, "client_credentials", NULL, 0);
        CHECK(active_key_error(key) != NULL);
        if (active_key_error(key)) CHECK_HOLDS(active_key_error(key)->message, wrongs[i].why);
        CHECK(active_key_thumbprint(key) == NULL);
        CHECK(active_key_public_jwk(key) == NULL);
        CHECK_FAILS(x, ACTIVE_USAGE, wrongs[i].why);
        active_exchange_free(x);
        active_client_free(client);
        active_key_free(key);
    }
}

static void rsa_keys_are_not_generated_here(void)
{
    active_key *key = active_key_generate("RS256", NULL);
    CHECK(active_key_error(key) != NULL);
    if (active_key_error(key)) CHECK_HOLDS(active_key_error(key)->message, "openssl genpkey");
    active_key_free(key);
}

static void a_generated_key_is_kept_as_its_pem(void)
{
    active_key *key = active_key_generate("ES256", "2026-11");
    const char *pem = active_key_pem(key);
    active_key *again = active_key_from_pem("ES256", pem, strlen(pem), NULL);
    CHECK_HOLDS(pem, "-----BEGIN PRIVATE KEY-----");
    CHECK(active_key_error(again) == NULL);
    CHECK_TEXT(active_key_thumbprint(again), active_key_thumbprint(key));
    CHECK_HOLDS(active_key_public_jwk(key), "\"kid\":\"2026-11\"");
    active_key_free(again);
    active_key_free(key);
}

static void tokens_are_bound_to_a_key_and_a_servers_nonce_is_answered_once(void)
{
    static const active_pair nonce[] = {{"DPoP-Nonce", "eyJ7S_zG.eyJH0-Z.HX4w-7v"}};
    static const char wanted[] = "{\"error\": \"use_dpop_nonce\"}";
    active_key *key = active_key_generate("ES256", NULL);
    active_client *client = active_client_new_from_record(RECORD, "id");
    active_exchange *x;
    json_t *head, *claims;
    active_client_auth(client, "none");
    active_client_dpop(client, key);
    active_client_dpop_required(client);
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    active_exchange_receive(x, 400, nonce, 1, wanted, sizeof wanted - 1);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    head = part(header(active_exchange_request(x), "dpop"), 0);
    claims = part(header(active_exchange_request(x), "dpop"), 1);
    CHECK_TEXT(member(head, "typ"), "dpop+jwt");
    CHECK(json_object_get(json_object_get(head, "jwk"), "x") && !json_object_get(json_object_get(head, "jwk"), "d"));
    CHECK_TEXT(member(claims, "nonce"), "eyJ7S_zG.eyJH0-Z.HX4w-7v");
    CHECK_TEXT(member(claims, "htu"), "https://login.example/token");
    json_decref(head);
    json_decref(claims);
    CHECK_NUMBER(answered(x, 200, "{\"access_token\": \"2YotnFZ\", \"token_type\": \"DPoP\"}"), ACTIVE_DONE);
    CHECK_TEXT(active_exchange_token(x)->authorization, "DPoP 2YotnFZ");
    active_exchange_free(x);
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_NUMBER(answered(x, 200, "{\"access_token\": \"2YotnFZ\", \"token_type\": \"Bearer\"}"), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_GARBLED);
    active_exchange_free(x);
    active_key_free(key);
    active_client_free(client);
}

static void a_bound_client_without_a_key_says_so(void)
{
    active_client *client = client_of("buildpass");
    active_exchange *x;
    active_client_dpop_required(client);
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "no key");
    active_exchange_free(x);
    active_client_free(client);
}

static void a_pushed_login_shows_the_browser_a_reference_only(void)
{
    static const active_pair scope[] = {{"scope", "openid"}};
    active_client *client = active_client_new_from_record(RECORD, "id");
    active_exchange *x;
    active_login *login;
    active_client_auth(client, "none");
    x = active_client_push(client, "https://app.example/callback", scope, 1, 0, &NOW);
    CHECK_NUMBER(answered(x, 201, "{\"request_uri\": \"urn:ietf:params:oauth:request_uri:6esc\", \"expires_in\": 60}"), ACTIVE_DONE);
    login = active_exchange_take_login(x);
    CHECK(active_exchange_take_login(x) == NULL);
    active_exchange_free(x);
    CHECK_TEXT(active_login_url(login), "https://login.example/authorize?client_id=id&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc");
    CHECK_NUMBER(active_login_url_expires_at_ms(login), NOW.wall_ms + 60000);
    x = active_client_callback(client, login, "https://app.example/callback?code=x&state=forged");
    CHECK_FAILS(x, ACTIVE_UNTRUSTED, "state");
    active_exchange_free(x);
    active_login_free(login);
    /* A login that nobody takes is freed with its exchange. */
    x = active_client_push(client, "https://app.example/callback", scope, 1, 0, &NOW);
    CHECK_NUMBER(answered(x, 201, "{\"request_uri\": \"urn:ietf:params:oauth:request_uri:6esc\", \"expires_in\": 60}"), ACTIVE_DONE);
    active_exchange_free(x);
    active_client_free(client);
}

static void a_provider_is_discovered_and_its_record_makes_a_client(void)
{
    active_exchange *x = active_provider_discover("https://login.example/tenant", NULL);
    active_client *client;
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/.well-known/oauth-authorization-server/tenant");
    CHECK(active_exchange_record(x) == NULL);
    CHECK_NUMBER(answered(x, 200, "{\"issuer\": \"https://login.example/tenant\", \"token_endpoint\": \"https://login.example/tenant/token\"}"),
                 ACTIVE_DONE);
    client = active_client_new_from_record(active_exchange_record(x), "id");
    active_client_secret(client, "secret");
    active_exchange_free(x);
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/tenant/token");
    active_exchange_free(x);
    active_client_free(client);
}

static void another_issuers_document_is_untrusted_and_what_is_no_issuer_is_told(void)
{
    active_exchange *x = active_provider_discover("https://login.example", NULL);
    CHECK_NUMBER(answered(x, 200, "{\"issuer\": \"https://evil.example\", \"token_endpoint\": \"https://evil.example/token\"}"), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
    CHECK(active_exchange_record(x) == NULL);
    active_exchange_free(x);
    x = active_provider_discover("http://login.example", NULL);
    CHECK_FAILS(x, ACTIVE_USAGE, "issuer");
    active_exchange_free(x);
    x = active_provider_discover(NULL, NULL);
    CHECK_FAILS(x, ACTIVE_USAGE, "issuer: is NULL");
    active_exchange_free(x);
}

static void a_client_is_registered_and_goes_on_with_what_it_got(void)
{
    static const char record[] = "{\"version\": 1, \"name\": \"login.example\", \"base\": \"https://login.example\", \"token\": {\"url\": \"/token\"},"
                                 "\"endpoints\": {\"registration\": \"/register\"}}";
    active_exchange *x = active_provider_register(record, "{\"redirect_uris\": [\"https://app.example/cb\"]}", "initial-token", NULL);
    active_client *client;
    char *body;
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/register");
    CHECK_TEXT(header(active_exchange_request(x), "authorization"), "Bearer initial-token");
    CHECK_NUMBER(answered(x, 201, "{\"client_id\": \"s6BhdRkqt3\", \"client_secret\": \"cf136dc3c1fc\", \"token_endpoint_auth_method\": \"client_secret_post\"}"),
                 ACTIVE_DONE);
    CHECK_TEXT(active_document_field(active_exchange_document(x), "/client_id"), "\"s6BhdRkqt3\"");
    client = active_client_new_from_registration(record, active_exchange_document(x)->json);
    active_exchange_free(x);
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    body = text_of(active_exchange_request(x)->body, active_exchange_request(x)->body_length);
    CHECK_HOLDS(body, "client_id=s6BhdRkqt3&client_secret=cf136dc3c1fc");
    free(body);
    active_exchange_free(x);
    active_client_free(client);
}

static void a_registration_that_cannot_be_is_told(void)
{
    static const char record[] = "{\"version\": 1, \"name\": \"login.example\", \"base\": \"https://login.example\", \"token\": {\"url\": \"/token\"},"
                                 "\"endpoints\": {\"registration\": \"/register\"}}";
    active_exchange *x = active_provider_register(record, "[]", NULL, NULL);
    active_client *client;
    CHECK_FAILS(x, ACTIVE_USAGE, "JSON object");
    active_exchange_free(x);
    x = active_provider_register(RECORD, "{}", NULL, NULL);
    CHECK_FAILS(x, ACTIVE_USAGE, "names no such endpoint");
    active_exchange_free(x);
    x = active_provider_register(record, "{}", NULL, NULL);
    CHECK_NUMBER(answered(x, 400, "{\"error\": \"invalid_redirect_uri\"}"), ACTIVE_FAILED);
    CHECK_TEXT(active_exchange_error(x)->code, "invalid_redirect_uri");
    active_exchange_free(x);
    client = active_client_new_from_registration(record, "{\"client_secret\": \"cf136dc3c1fc\"}");
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK(strstr(CHECK_FAILS(x, ACTIVE_USAGE, "names no client_id")->message, "cf136dc3c1fc") == NULL);
    active_exchange_free(x);
    active_client_free(client);
}

static void an_api_says_what_it_is_and_another_ones_word_is_untrusted(void)
{
    static const char *const body = "{\"resource\": \"https://api.example/v1\", \"authorization_servers\": [\"https://login.example\"]}";
    active_exchange *x = active_resource_discover("https://api.example/v1", NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://api.example/.well-known/oauth-protected-resource/v1");
    CHECK_NUMBER(answered(x, 200, body), ACTIVE_DONE);
    CHECK_TEXT(active_document_field(active_exchange_document(x), "/authorization_servers/0"), "\"https://login.example\"");
    active_exchange_free(x);
    x = active_resource_discover("https://api.example/v2", NULL);
    CHECK_NUMBER(answered(x, 200, body), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
    active_exchange_free(x);
}

RUN_TESTS(TEST(a_client_proves_itself_by_its_key_alone),
          TEST(a_secret_signs_too_where_it_is_long_enough),
          TEST(a_key_that_is_none_is_told_by_the_handle_and_by_the_first_step),
          TEST(rsa_keys_are_not_generated_here),
          TEST(a_generated_key_is_kept_as_its_pem),
          TEST(tokens_are_bound_to_a_key_and_a_servers_nonce_is_answered_once),
          TEST(a_bound_client_without_a_key_says_so),
          TEST(a_pushed_login_shows_the_browser_a_reference_only),
          TEST(a_provider_is_discovered_and_its_record_makes_a_client),
          TEST(another_issuers_document_is_untrusted_and_what_is_no_issuer_is_told),
          TEST(a_client_is_registered_and_goes_on_with_what_it_got),
          TEST(a_registration_that_cannot_be_is_told),
          TEST(an_api_says_what_it_is_and_another_ones_word_is_untrusted))
