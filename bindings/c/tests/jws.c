/* Is what others signed believed by its signature alone, and by the algorithms that were named beforehand?
 *
 * Sources: RFC 7515, RFC 7638 §3.1, RFC 8037 appendix A, RFC 8725 §3.1 and §3.11, OpenID Connect Core 1.0 §3.1.3.7. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const active_now NOW = {1700000000000, 5000};
/* RFC 8037 appendix A.2 and A.4 */
static const char JWKS[] = "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";
static const char SIGNED[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
                             "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

static void rfc_8037_a_4_a_signature_is_checked_by_the_one_key_that_fits(void)
{
    active_exchange *x = active_verify_jws(SIGNED, JWKS, "ES256 EdDSA", NULL);
    const active_jws *jws;
    CHECK(active_exchange_jws(x) == NULL);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_DONE);
    jws = active_exchange_jws(x);
    CHECK_TEXT(jws->algorithm, "EdDSA");
    CHECK(jws->key_id == NULL);
    CHECK_TEXT((const char *)jws->payload, "Example of Ed25519 signing");
    CHECK_NUMBER(jws->payload_length, strlen("Example of Ed25519 signing"));
    CHECK(active_exchange_text(x) == NULL && active_exchange_document(x) == NULL);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_FAILED);
    active_exchange_free(x);
}

static void what_is_not_to_be_believed_is_untrusted_and_what_was_asked_wrongly_is_usage(void)
{
    static const struct { const char *jws, *jwks, *algorithms, *typ; active_kind kind; const char *why; } wrongs[] = {
        {SIGNED, JWKS, "ES256", NULL, ACTIVE_UNTRUSTED, "algorithm"},
        {SIGNED, JWKS, "EdDSA", "logout+jwt", ACTIVE_UNTRUSTED, "type"},
        {"eyJhbGciOiJub25lIn0.e30.", JWKS, "EdDSA", NULL, ACTIVE_UNTRUSTED, "algorithm"},
        {"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZQ.AAAA", JWKS, "EdDSA", NULL, ACTIVE_UNTRUSTED, "match"},
        {"no JWS", JWKS, "EdDSA", NULL, ACTIVE_UNTRUSTED, "compact"},
        {SIGNED, "{\"keys\": []}", "EdDSA", NULL, ACTIVE_UNTRUSTED, "no key"},
        {SIGNED, "no set", "EdDSA", NULL, ACTIVE_USAGE, "key"},
        {SIGNED, JWKS, "HS256", NULL, ACTIVE_USAGE, "ES256, RS256, PS256 or EdDSA"},
        {SIGNED, JWKS, " ", NULL, ACTIVE_USAGE, "at least one"},
        {SIGNED, JWKS, NULL, NULL, ACTIVE_USAGE, "NULL"},
        {NULL, JWKS, "EdDSA", NULL, ACTIVE_USAGE, "NULL"},
    };
    size_t i;
    for (i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        active_exchange *x = active_verify_jws(wrongs[i].jws, wrongs[i].jwks, wrongs[i].algorithms, wrongs[i].typ);
        CHECK_FAILS(x, wrongs[i].kind, wrongs[i].why);
        CHECK(active_exchange_jws(x) == NULL);
        active_exchange_free(x);
    }
}

static void what_a_key_of_ours_signs_is_believed_as_what_it_says_it_is(void)
{
    active_key *key = active_key_generate("ES256", "2026-11");
    active_exchange *signing = active_key_sign_jwt(key, "logout+jwt", "{\"sub\": \"jo\"}"), *x;
    char jwks[1024];
    snprintf(jwks, sizeof jwks, "{\"keys\": [%s]}", active_key_public_jwk(key));
    CHECK_NUMBER(active_exchange_step(signing, &NOW), ACTIVE_DONE);
    x = active_verify_jws(active_exchange_text(signing), jwks, "ES256", "application/LOGOUT+JWT");
    if (CHECK_DONE(x)) {
        CHECK_TEXT(active_exchange_jws(x)->key_id, "2026-11");
        CHECK_TEXT((const char *)active_exchange_jws(x)->payload, "{\"sub\":\"jo\"}");
    }
    active_exchange_free(x);
    active_exchange_free(signing);
    active_key_free(key);
}

static void rfc_7638_3_1_a_public_key_has_a_thumbprint(void)
{
    static const char rsa[] =
        "{\"kty\": \"RSA\", \"n\": \"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
        "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\","
        "\"e\": \"AQAB\", \"alg\": \"RS256\", \"kid\": \"2011-04-29\"}";
    active_exchange *x = active_thumbprint(rsa);
    if (CHECK_DONE(x)) CHECK_TEXT(active_exchange_text(x), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    active_exchange_free(x);
    x = active_thumbprint("{\"kty\": \"oct\", \"k\": \"c2VjcmV0\"}");
    CHECK(strstr(CHECK_FAILS(x, ACTIVE_USAGE, "symmetric")->message, "c2VjcmV0") == NULL);
    active_exchange_free(x);
}

/* The step after the server has given a token with an ID token that this key has signed, and then its keys. */
static active_step identified(active_exchange *x, const active_key *key)
{
    active_exchange *signing = active_key_sign_jwt(key, NULL, "{\"iss\":\"https://login.example\",\"aud\":\"id\",\"sub\":\"jo\",\"iat\":1700000000,\"exp\":1700000600}");
    char body[4096], jwks[1024];
    CHECK_NUMBER(active_exchange_step(signing, &NOW), ACTIVE_DONE);
    snprintf(body, sizeof body, "{\"access_token\": \"2YotnFZ\", \"token_type\": \"Bearer\", \"id_token\": \"%s\"}", active_exchange_text(signing));
    active_exchange_free(signing);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    active_exchange_receive(x, 200, NULL, 0, body, strlen(body));
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/jwks");
    snprintf(jwks, sizeof jwks, "{\"keys\": [%s]}", active_key_public_jwk(key));
    active_exchange_receive(x, 200, NULL, 0, jwks, strlen(jwks));
    return active_exchange_step(x, &NOW);
}

static void a_client_takes_the_algorithms_that_were_registered_and_no_other(void)
{
    static const char record[] =
        "{\"version\": 1, \"name\": \"login.example\", \"issuer\": \"https://login.example\", \"base\": \"https://login.example\","
        "\"token\": {\"url\": \"/token\", \"auth\": \"none\"}, \"endpoints\": {\"jwks\": \"/jwks\"}}";
    static const struct { const char *algorithms; active_step end; } tries[] = {
        {NULL, ACTIVE_DONE}, {"ES256", ACTIVE_DONE}, {"PS256  ES256", ACTIVE_DONE}, {"PS256 EdDSA", ACTIVE_FAILED}};
    active_key *key = active_key_generate("ES256", "k1");
    size_t i;
    for (i = 0; i < sizeof tries / sizeof *tries; i++) {
        active_client *client = active_client_new_from_record(record, "id");
        active_exchange *x;
        if (tries[i].algorithms) active_client_server_algorithms(client, tries[i].algorithms);
        x = active_client_token(client, "client_credentials", NULL, 0);
        CHECK_NUMBER(identified(x, key), tries[i].end);
        if (tries[i].end == ACTIVE_FAILED) {
            CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
            CHECK_HOLDS(active_exchange_error(x)->message, "algorithm");
        }
        active_exchange_free(x);
        active_client_free(client);
    }
    active_key_free(key);
}

static void algorithms_that_cannot_be_are_told_by_the_first_step(void)
{
    static const char *const wrongs[] = {"HS256", "none", "ES256,PS256", "", NULL};
    size_t i;
    for (i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        active_client *client = active_client_new("buildpass", "id");
        active_exchange *x;
        active_client_server_algorithms(client, wrongs[i]);
        x = active_client_token(client, "client_credentials", NULL, 0);
        CHECK_FAILS(x, ACTIVE_USAGE, "algorithms");
        active_exchange_free(x);
        active_client_free(client);
    }
}

RUN_TESTS(TEST(rfc_8037_a_4_a_signature_is_checked_by_the_one_key_that_fits),
          TEST(what_is_not_to_be_believed_is_untrusted_and_what_was_asked_wrongly_is_usage),
          TEST(what_a_key_of_ours_signs_is_believed_as_what_it_says_it_is),
          TEST(rfc_7638_3_1_a_public_key_has_a_thumbprint),
          TEST(a_client_takes_the_algorithms_that_were_registered_and_no_other),
          TEST(algorithms_that_cannot_be_are_told_by_the_first_step))
