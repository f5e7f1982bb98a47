/* Does a server that others wrote, certified for OpenID, believe this library, and is it believed for the right reasons?
 *
 * The server is oidc-provider; the program that ACTIVE_COUNTERPARTS names starts it, and is the user at its pages (crates/counterparts). */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *to, *from;
static pid_t child;
static json_t *told;
static active_agent *agent;
static char *record;

static json_t *line(void)
{
    json_t *object = json_loadf(from, JSON_DISABLE_EOF_CHECK, NULL);
    if (!object) {
        fprintf(stderr, "counterparts ended: tests/setup brings the servers\n");
        exit(2);
    }
    return object;
}

/* What the user does, and where that leads; free it. */
static char *user(const char *wish, const char *url)
{
    json_t *object = json_pack("{s:s, s:s}", "do", wish, "url", url), *came;
    const char *value;
    char *copy;
    if (strcmp(wish, "sign_in") == 0 || strcmp(wish, "approve_device") == 0) json_object_set_new(object, "user", json_string("alice"));
    json_dumpf(object, to, JSON_COMPACT);
    fputc('\n', to);
    fflush(to);
    json_decref(object);
    came = line();
    value = json_string_value(json_object_iter_value(json_object_iter(came)));
    CHECK(!json_object_get(came, "error"));
    copy = text_of(value, value ? strlen(value) : 0);
    json_decref(came);
    return copy;
}

/* The record of an issuer, as it describes itself; free it. */
static char *discovered(const char *issuer)
{
    active_exchange *x = active_provider_discover(issuer, agent);
    char *copy = NULL;
    if (CHECK_DONE(x)) copy = text_of(active_exchange_record(x), strlen(active_exchange_record(x)));
    active_exchange_free(x);
    return copy;
}

static void start(void)
{
    int there[2], back[2];
    const char *program = getenv("ACTIVE_COUNTERPARTS"), *pem;
    if (told) return;
    if (!program || pipe(there) != 0 || pipe(back) != 0 || (child = fork()) < 0) {
        fprintf(stderr, "ACTIVE_COUNTERPARTS must name the program counterparts\n");
        exit(2);
    }
    if (child == 0) {
        dup2(there[0], 0);
        dup2(back[1], 1);
        close(there[1]);
        close(back[0]);
        execl(program, program, "oidc-provider", (char *)NULL);
        _exit(127);
    }
    close(there[0]);
    close(back[1]);
    to = fdopen(there[1], "w");
    from = fdopen(back[0], "r");
    told = line();
    agent = active_agent_new();
    pem = json_string_value(json_object_get(told, "ca_pem"));
    active_agent_roots_pem(agent, pem, strlen(pem));
    active_agent_connect_timeout_ms(agent, 10000 * slowness());
    active_agent_deadline_ms(agent, 30000 * slowness());
    record = discovered(json_string_value(json_object_get(told, "issuer")));
}

static void stop(void)
{
    free(record);
    active_agent_free(agent);
    json_decref(told);
    fclose(to);
    fclose(from);
    waitpid(child, NULL, 0);
}

static json_t *known(const char *name) { return json_object_get(json_object_get(told, "clients"), name); }

static const char *text(const json_t *object, const char *name) { return json_string_value(json_object_get(object, name)); }

/* The client's own key. */
static active_key *key_of(const char *name)
{
    json_t *key = json_object_get(known(name), "key");
    return active_key_from_pem(text(key, "alg"), text(key, "pem"), strlen(text(key, "pem")), text(key, "kid"));
}

/* The client of that name in the server's list, proving itself as it is known there. */
static active_client *client_at_issuer(const char *of_record, const char *name)
{
    const char *method = text(known(name), "method"), *secret = text(known(name), "secret");
    active_client *client = active_client_new_from_record(of_record, text(known(name), "id"));
    active_client_agent(client, agent);
    active_client_base(client, text(told, "issuer")); /* its API is here, too */
    active_client_auth(client, strcmp(method, "client_secret_basic") == 0 ? "basic" : strcmp(method, "client_secret_post") == 0 ? "post" : method);
    if (secret) active_client_secret(client, secret);
    if (json_object_get(known(name), "key") && strcmp(method, "private_key_jwt") == 0) {
        active_key *key = key_of(name);
        active_client_key(client, key);
        active_key_free(key);
    }
    return client;
}

static active_client *named(const char *name) { return client_at_issuer(record, name); }

/* The token that an exchange ends with; frees it. */
static active_token *token_from(active_exchange *x)
{
    active_token *token = NULL;
    if (CHECK_DONE(x)) token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    return token;
}

/* The token of the user who agrees to that login; frees it. */
static active_token *signed_in(const active_client *client, active_login *login)
{
    char *callback = user("sign_in", active_login_url(login));
    active_token *token = token_from(active_client_callback(client, login, callback));
    active_login_free(login);
    free(callback);
    return token;
}

/* The login that a push ends with; frees it. */
static active_login *login_from(active_exchange *x)
{
    active_login *login = NULL;
    if (CHECK_DONE(x)) login = active_exchange_take_login(x);
    active_exchange_free(x);
    return login;
}

/* A member of the document that an exchange ends with; frees it. */
static void document(active_exchange *x, const char *pointer, const char *expected)
{
    if (CHECK_DONE(x)) CHECK_TEXT(active_document_field(active_exchange_document(x), pointer), expected);
    active_exchange_free(x);
}

static const active_pair OPENID[] = {{"scope", "openid offline_access"}, {"prompt", "consent"}};

static const char *redirect_uri(const char *name) { return text(known(name), "redirect_uri"); }

static void rfc_8414_3_a_server_describes_itself_and_no_other(void)
{
    char other[256];
    active_exchange *x;
    start();
    CHECK_HOLDS(record, "code_challenge_methods_supported");
    snprintf(other, sizeof other, "%s/", text(told, "issuer"));
    x = active_provider_discover(other, agent);
    CHECK_FAILS(x, ACTIVE_UNTRUSTED, "issuer");
    active_exchange_free(x);
}

static void rfc_7636_4_6_a_login_with_pkce_ends_with_a_checked_user_and_is_renewed_and_revoked(void)
{
    active_client *client;
    active_token *token, *renewed;
    active_exchange *x;
    start();
    client = named("basic");
    token = signed_in(client, active_client_authorize(client, redirect_uri("basic"), OPENID, 2, 0, NULL));
    CHECK(active_token_id_token(token) != NULL);
    document(active_client_id_token(client, token, NULL), "/sub", "\"alice\"");
    document(active_client_userinfo(client, token), "/sub", "\"alice\"");
    renewed = token_from(active_client_refresh(client, token));
    document(active_client_introspect(client, renewed), "/active", "true");
    x = active_client_revoke(client, renewed);
    CHECK_DONE(x);
    active_exchange_free(x);
    document(active_client_introspect(client, renewed), "/active", "false");
    x = active_client_refresh(client, renewed);
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_REFUSED, "")->standard_code, "invalid_grant");
    active_exchange_free(x);
    active_token_free(token);
    active_token_free(renewed);
    active_client_free(client);
}

static void a_user_who_says_no_is_heard(void)
{
    active_client *client;
    active_login *login;
    active_exchange *x;
    char *callback;
    start();
    client = named("basic");
    login = active_client_authorize(client, redirect_uri("basic"), OPENID, 2, 0, NULL);
    callback = user("refuse", active_login_url(login));
    x = active_client_callback(client, login, callback);
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_REFUSED, "")->standard_code, "access_denied");
    active_exchange_free(x);
    active_login_free(login);
    active_client_free(client);
    free(callback);
}

static void rfc_8628_3_4_a_device_logs_its_user_in_or_is_refused(void)
{
    active_client *client;
    active_token *token;
    active_exchange *x;
    active_device *device;
    int denied;
    start();
    client = named("public");
    for (denied = 0; denied < 2; denied++) {
        x = active_client_device(client, OPENID, 1);
        CHECK_DONE(x);
        device = active_device_copy(active_exchange_device(x));
        active_exchange_free(x);
        free(user(denied ? "deny_device" : "approve_device", device->verification_uri_complete));
        x = active_client_poll(client, device);
        active_device_free(device);
        if (denied) {
            CHECK_TEXT(CHECK_FAILS(x, ACTIVE_REFUSED, "")->standard_code, "access_denied");
            active_exchange_free(x);
        } else {
            token = token_from(x);
            document(active_client_userinfo(client, token), "/sub", "\"alice\"");
            active_token_free(token);
        }
    }
    active_client_free(client);
}

static void rfc_9449_8_a_token_is_bound_to_a_key_with_the_nonces_of_server_and_api(void)
{
    active_key *key = active_key_generate("ES256", NULL);
    active_client *client;
    active_token *token;
    active_exchange *x;
    char thumbprint[64];
    start();
    client = named("dpop-nonce");
    active_client_dpop(client, key);
    active_client_dpop_required(client);
    token = signed_in(client, active_client_authorize(client, redirect_uri("dpop-nonce"), OPENID, 2, 0, NULL));
    CHECK_TEXT(token ? token->token_type : NULL, "DPoP");
    snprintf(thumbprint, sizeof thumbprint, "\"%s\"", active_key_thumbprint(key));
    document(active_client_introspect(client, token), "/cnf/jkt", thumbprint);
    x = active_client_call(client, token, "GET", "/me");
    if (CHECK_DONE(x)) CHECK_NUMBER(active_exchange_answer(x)->status, 200);
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
    active_key_free(key);
}

static void rfc_9126_2_a_pushed_request_and_rfc_9101_a_signed_one_are_taken(void)
{
    active_client *client;
    active_login *login;
    active_token *token;
    start();
    client = named("par");
    login = login_from(active_client_push(client, redirect_uri("par"), OPENID, 1, 0, NULL));
    CHECK(strstr(active_login_url(login), "scope") == NULL);
    token = signed_in(client, login);
    document(active_client_userinfo(client, token), "/sub", "\"alice\"");
    active_token_free(token);
    active_client_free(client);
    client = named("jar");
    active_client_signed_requests(client);
    token = signed_in(client, active_client_authorize(client, redirect_uri("jar"), OPENID, 1, 0, NULL));
    document(active_client_id_token(client, token, NULL), "/sub", "\"alice\"");
    active_token_free(token);
    active_client_free(client);
}

static void jarm_2_3_a_signed_answer_ends_with_a_token(void)
{
    static const active_pair asked[] = {{"scope", "openid"}, {"response_mode", "jwt"}};
    active_client *client;
    active_token *token;
    start();
    client = named("jarm");
    token = signed_in(client, active_client_authorize(client, redirect_uri("jarm"), asked, 2, 0, NULL));
    CHECK(token != NULL);
    active_token_free(token);
    active_client_free(client);
}

/* A login that keeps to the profile, of the client of that name; with signed requests and answers where the server wants those. */
static void log_in_by_fapi(const char *name, bool is_signed)
{
    static const active_pair asked[] = {{"scope", "openid email"}, {"response_mode", "jwt"}};
    size_t count = is_signed ? 2 : 1;
    active_key *bound = active_key_generate("ES256", NULL), *own = key_of(name);
    char *fapi = discovered(text(json_object_get(told, "issuers"), "fapi"));
    active_client *client = active_client_new_from_record(fapi, text(known(name), "id"));
    active_login *login;
    active_token *token;
    active_client_agent(client, agent);
    active_client_auth(client, "private_key_jwt");
    active_client_key(client, own);
    active_client_dpop(client, bound);
    active_client_policy(client, "fapi_2_0");
    if (is_signed) active_client_signed_requests(client);
    login = active_client_authorize(client, redirect_uri(name), asked, count, 0, NULL);
    CHECK(active_login_error(login) != NULL);
    if (active_login_error(login)) CHECK_HOLDS(active_login_error(login)->message, "policy fapi_2_0: ");
    active_login_free(login);
    token = signed_in(client, login_from(active_client_push(client, redirect_uri(name), asked, count, 0, NULL)));
    CHECK_TEXT(token ? token->token_type : NULL, "DPoP");
    document(active_client_id_token(client, token, NULL), "/sub", "\"alice\"");
    active_token_free(token);
    active_client_free(client);
    active_key_free(own);
    active_key_free(bound);
    free(fapi);
}

static void fapi_2_0_a_whole_login_keeps_to_the_profile(void)
{
    start();
    log_in_by_fapi("fapi-es256", false);
}

static void fapi_2_0_message_signing_request_and_answer_are_signed(void)
{
    start();
    log_in_by_fapi("fapi-signing-es256", true);
}

static void rfc_7592_2_a_registration_is_read_changed_and_deleted(void)
{
    static const char metadata[] = "{\"redirect_uris\": [\"https://client.example/callback\"], \"client_name\": \"App\"}";
    static const char changed[] = "{\"redirect_uris\": [\"https://client.example/callback\"], \"client_name\": \"Other\"}";
    active_document *registration, *newer;
    active_client *client;
    active_token *token;
    active_exchange *x;
    start();
    x = active_provider_register(record, metadata, NULL, agent);
    CHECK_DONE(x);
    registration = active_document_copy(active_exchange_document(x));
    active_exchange_free(x);
    client = active_client_new_from_registration(record, registration->json);
    active_client_agent(client, agent);
    token = signed_in(client, active_client_authorize(client, "https://client.example/callback", OPENID, 1, 0, NULL));
    document(active_client_id_token(client, token, NULL), "/sub", "\"alice\"");
    active_token_free(token);
    active_client_free(client);
    x = active_registration_update(record, registration->json, changed, agent);
    CHECK_DONE(x);
    newer = active_document_copy(active_exchange_document(x));
    active_exchange_free(x);
    document(active_registration_read(record, newer->json, agent), "/client_name", "\"Other\"");
    x = active_registration_delete(record, newer->json, agent);
    CHECK_DONE(x);
    active_exchange_free(x);
    x = active_registration_read(record, newer->json, agent);
    CHECK_FAILS(x, ACTIVE_REFUSED, "");
    active_exchange_free(x);
    active_document_free(registration);
    active_document_free(newer);
}

static void rp_initiated_logout_2_the_browser_comes_back_logged_out(void)
{
    active_client *client;
    active_token *token;
    active_exchange *x;
    char *callback = NULL;
    start();
    client = named("basic");
    token = signed_in(client, active_client_authorize(client, redirect_uri("basic"), OPENID, 1, 0, NULL));
    x = active_client_end_session_url(client, active_token_id_token(token), "https://client.example/logged-out", "bye");
    if (CHECK_DONE(x)) callback = user("sign_out", active_exchange_text(x));
    CHECK_TEXT(callback, "https://client.example/logged-out?state=bye");
    active_exchange_free(x);
    free(callback);
    active_token_free(token);
    active_client_free(client);
}

static void rfc_9701_5_and_rfc_9068_4_what_is_said_of_a_token_is_signed(void)
{
    static const active_pair api[] = {{"resource", "https://api.example/jwt"}, {"scope", "read"}};
    active_client *client;
    active_token *token, *presented;
    active_exchange *x;
    start();
    client = named("jwt-answers");
    token = token_from(active_client_token(client, "client_credentials", NULL, 0));
    document(active_client_introspect_signed(client, token), "/active", "true");
    active_token_free(token);
    active_client_free(client);
    client = named("basic");
    token = token_from(active_client_token(client, "client_credentials", api, 2));
    presented = active_client_presented(client, token ? token->authorization : NULL, NULL);
    document(active_client_access_token_claims(client, presented, "https://api.example/jwt"), "/scope", "\"read\"");
    x = active_client_access_token_claims(client, presented, "https://api.example/other");
    CHECK_FAILS(x, ACTIVE_UNTRUSTED, "aud");
    active_exchange_free(x);
    active_token_free(presented);
    active_token_free(token);
    active_client_free(client);
}

static void the_server_ends(void)
{
    start();
    stop();
}

RUN_TESTS(TEST(rfc_8414_3_a_server_describes_itself_and_no_other),
          TEST(rfc_7636_4_6_a_login_with_pkce_ends_with_a_checked_user_and_is_renewed_and_revoked),
          TEST(a_user_who_says_no_is_heard),
          TEST(rfc_8628_3_4_a_device_logs_its_user_in_or_is_refused),
          TEST(rfc_9449_8_a_token_is_bound_to_a_key_with_the_nonces_of_server_and_api),
          TEST(rfc_9126_2_a_pushed_request_and_rfc_9101_a_signed_one_are_taken),
          TEST(jarm_2_3_a_signed_answer_ends_with_a_token),
          TEST(fapi_2_0_a_whole_login_keeps_to_the_profile),
          TEST(fapi_2_0_message_signing_request_and_answer_are_signed),
          TEST(rfc_7592_2_a_registration_is_read_changed_and_deleted),
          TEST(rp_initiated_logout_2_the_browser_comes_back_logged_out),
          TEST(rfc_9701_5_and_rfc_9068_4_what_is_said_of_a_token_is_signed),
          TEST(the_server_ends))
