/* How does a program sign with a key that it never sees?
 *
 * Sources: RFC 7515 §3.1, RFC 7518 §3.4, RFC 7523, RFC 9449. The HSM here is a key of ours, behind a function. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "jwt.h"

static const active_now NOW = {1700000000000, 5000};
static const char RECORD[] = "{\"version\": 1, \"name\": \"login.example\", \"issuer\": \"https://login.example\", \"base\": \"https://login.example\","
                             "\"token\": {\"url\": \"/token\", \"auth\": \"private_key_jwt\"}}";
/* RFC 8037 appendix A.1 and A.4: Ed25519 signs the same bytes to the same signature. */
static const char PUBLIC[] = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kid\":\"slot-3\"}";
static const char PRIVATE[] = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                              "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"kid\":\"slot-3\"}";

/* A slot with a key in it, and how it behaves. */
typedef struct {
    int calls, gives;
    size_t length;
} slot;

static int sign(void *context, const uint8_t *message, size_t message_length, uint8_t *signature, size_t *signature_length)
{
    slot *hsm = (slot *)context;
    hsm->calls++;
    CHECK(message_length > 0 && message != NULL);
    CHECK(*signature_length >= 512);
    memset(signature, 0xAB, 64);
    *signature_length = hsm->length;
    return hsm->gives;
}

static active_client *client_of_key(const active_key *key, bool bound)
{
    active_client *client = active_client_new_from_record(RECORD, "id");
    if (bound) active_client_auth(client, "none");
    if (bound) active_client_dpop(client, key);
    else active_client_key(client, key);
    return client;
}

static void an_hsm_signs_for_the_client(void)
{
    slot hsm = {0, 0, 64};
    active_key *key = active_key_from_signer("EdDSA", PUBLIC, NULL, sign, &hsm);
    active_client *client = client_of_key(key, false);
    active_exchange *x = active_client_token(client, "client_credentials", NULL, 0);
    char *body;
    const char *assertion;
    json_t *head;
    CHECK(active_key_error(key) == NULL);
    CHECK_TEXT(active_key_thumbprint(key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"); /* appendix A.3 */
    CHECK(active_key_pem(key) == NULL && active_key_public_jwk(key) == NULL);
    CHECK_NUMBER(hsm.calls, 0);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_NUMBER(hsm.calls, 1);
    body = text_of(active_exchange_request(x)->body, active_exchange_request(x)->body_length);
    assertion = strstr(body, "client_assertion=");
    assertion = assertion ? strchr(assertion, '=') + 1 : "..";
    head = part(assertion, 0);
    CHECK_TEXT(member(head, "alg"), "EdDSA");
    CHECK_TEXT(member(head, "kid"), "slot-3");
    CHECK_HOLDS(assertion, ".q6urq6urq6ur"); /* 0xAB in base64url */
    json_decref(head);
    free(body);
    active_exchange_free(x);
    active_client_free(client);
    active_key_free(key);
}

static void an_hsm_proves_that_tokens_are_ours(void)
{
    slot hsm = {0, 0, 64};
    active_key *key = active_key_from_signer("EdDSA", PUBLIC, "other", sign, &hsm);
    active_client *client = client_of_key(key, true);
    active_exchange *x = active_client_token(client, "client_credentials", NULL, 0);
    json_t *head;
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    head = part(header(active_exchange_request(x), "dpop"), 0);
    CHECK_TEXT(member(json_object_get(head, "jwk"), "x"), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    json_decref(head);
    active_exchange_free(x);
    active_client_free(client);
    active_key_free(key);
    /* Without its public half there is nothing to prove with. */
    key = active_key_from_signer("EdDSA", NULL, NULL, sign, &hsm);
    CHECK(active_key_error(key) == NULL && active_key_thumbprint(key) == NULL);
    client = client_of_key(key, true);
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "public key");
    active_exchange_free(x);
    active_client_free(client);
    active_key_free(key);
}

static void what_an_hsm_does_wrong_is_told(void)
{
    static const struct { slot hsm; const char *why; } wrongs[] = {
        {{0, 7, 64}, "the program's signer gave 7"},
        {{0, 0, 71}, "a signature of 71 bytes"}, /* DER */
        {{0, 0, 5000}, "a signature of 5000 bytes"},
        {{0, 0, 0}, "a signature of 0 bytes"},
    };
    size_t i;
    for (i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        slot hsm = wrongs[i].hsm;
        active_key *key = active_key_from_signer("ES256", NULL, NULL, sign, &hsm);
        active_client *client = client_of_key(key, false);
        active_exchange *x = active_client_token(client, "client_credentials", NULL, 0);
        CHECK_FAILS(x, ACTIVE_USAGE, wrongs[i].why);
        CHECK(active_exchange_request(x) == NULL);
        active_exchange_free(x);
        active_client_free(client);
        active_key_free(key);
    }
}

static void a_signer_that_is_none_is_told(void)
{
    static const struct { const char *algorithm, *jwk; active_sign sign; const char *why; } wrongs[] = {
        {NULL, PUBLIC, sign, "its algorithm: is NULL"},
        {"ES256", "{}", sign, "jwk"},
        {"ES256", "{\"kty\":\"oct\",\"k\":\"AAAA\"}", sign, "symmetric"},
        {"ES256", PUBLIC, NULL, "its signer is NULL"},
    };
    size_t i;
    for (i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        active_key *key = active_key_from_signer(wrongs[i].algorithm, wrongs[i].jwk, NULL, wrongs[i].sign, NULL);
        CHECK(active_key_error(key) != NULL);
        if (active_key_error(key)) CHECK_HOLDS(active_key_error(key)->message, wrongs[i].why);
        active_key_free(key);
    }
}

static void nobody_else_s_algorithm_is_signed_by(void)
{
    static const char *const algorithms[] = {"none", "HS256"};
    slot hsm = {0, 0, 64};
    size_t i;
    for (i = 0; i < 2; i++) {
        active_key *key = active_key_from_signer(algorithms[i], NULL, NULL, sign, &hsm);
        active_client *client = client_of_key(key, false);
        active_exchange *x = active_client_token(client, "client_credentials", NULL, 0);
        CHECK_FAILS(x, ACTIVE_USAGE, "algorithm");
        active_exchange_free(x);
        active_client_free(client);
        active_key_free(key);
    }
    CHECK_NUMBER(hsm.calls, 0);
}

static void claims_become_a_jwt(void)
{
    active_key *key = active_key_from_jwk("EdDSA", PRIVATE, NULL);
    active_exchange *x = active_key_sign_jwt(key, "JWT", "{\"iss\": \"me\", \"sub\": \"alice\"}");
    json_t *head, *claims;
    CHECK(active_exchange_text(x) == NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_DONE);
    head = part(active_exchange_text(x), 0);
    claims = part(active_exchange_text(x), 1);
    CHECK_TEXT(member(head, "typ"), "JWT");
    CHECK_TEXT(member(head, "alg"), "EdDSA");
    CHECK_TEXT(member(claims, "sub"), "alice");
    json_decref(head);
    json_decref(claims);
    active_exchange_free(x);
    x = active_key_sign_jwt(key, NULL, "[1]");
    CHECK_FAILS(x, ACTIVE_USAGE, "must be a JSON object");
    active_exchange_free(x);
    x = active_key_sign_jwt(NULL, NULL, "{}");
    CHECK_FAILS(x, ACTIVE_USAGE, "key: is NULL");
    active_exchange_free(x);
    active_key_free(key);
}

RUN_TESTS(TEST(an_hsm_signs_for_the_client),
          TEST(an_hsm_proves_that_tokens_are_ours),
          TEST(what_an_hsm_does_wrong_is_told),
          TEST(a_signer_that_is_none_is_told),
          TEST(nobody_else_s_algorithm_is_signed_by),
          TEST(claims_become_a_jwt))
