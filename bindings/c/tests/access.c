/* How does a program get from a refusal to a client, and how is a registration managed?
 *
 * Sources: RFC 6750 §3, RFC 7591, RFC 7592, RFC 8414, RFC 9110 §11.6.1, RFC 9470 §3, RFC 9728; the authorization flow of the Model Context Protocol. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "jwt.h"

static const active_now NOW = {1700000000000, 5000};
static const char API[] = "https://tools.example/mcp";
static const char RESOURCE[] = "{\"resource\": \"https://tools.example/mcp\", \"authorization_servers\": [\"https://login.example\"],"
                               "\"scopes_supported\": [\"files:read\", \"files:write\"]}";
static const char SERVER[] =
    "{\"issuer\": \"https://login.example\", \"authorization_endpoint\": \"https://login.example/authorize\","
    "\"token_endpoint\": \"https://login.example/token\", \"registration_endpoint\": \"https://login.example/register\","
    "\"response_types_supported\": [\"code\"], \"code_challenge_methods_supported\": [\"S256\"], \"client_id_metadata_document_supported\": true}";
static const char REGISTERED[] =
    "{\"client_id\": \"s6BhdRkqt3\", \"client_secret\": \"cf136dc3c1fc\", \"token_endpoint_auth_method\": \"client_secret_post\","
    "\"registration_client_uri\": \"https://login.example/register/s6BhdRkqt3\", \"registration_access_token\": \"reg-23410913\"}";
static const char RECORD[] = "{\"version\": 1, \"name\": \"login.example\", \"base\": \"https://login.example\", \"token\": {\"url\": \"/token\"},"
                             "\"endpoints\": {\"registration\": \"/register\"}}";

static active_step answered(active_exchange *x, int status, const char *body)
{
    active_exchange_receive(x, status, NULL, 0, body, strlen(body));
    return active_exchange_step(x, &NOW);
}

static void every_challenge_of_every_field_is_read(void)
{
    static const active_pair headers[] = {
        {"Content-Type", "Bearer error=\"no\""},
        {"WWW-Authenticate", "Negotiate YWJj==, Bearer realm=\"files\", error=\"insufficient_user_authentication\", error_description=\"log in again\","
                             " acr_values=\"gold silver\", max_age=\"5\", scope=\"read write\""},
        {"www-authenticate", "DPoP algs=\"ES256\", resource_metadata=\"https://tools.example/m\""},
        {"WWW-Authenticate", "\"broken"},
    };
    active_challenges *challenges = active_challenges_parse(headers, 4);
    const active_challenge *challenge = active_challenges_at(challenges, 1);
    CHECK_NUMBER(active_challenges_count(challenges), 3);
    CHECK_TEXT(active_challenges_at(challenges, 0)->token68, "YWJj==");
    CHECK_NUMBER(active_challenges_at(challenges, 0)->parameter_count, 0);
    CHECK(active_challenges_at(challenges, 0)->parameters == NULL);
    CHECK_NUMBER(active_challenges_at(challenges, 0)->max_age_s, -1);
    CHECK_TEXT(challenge->scheme, "Bearer");
    CHECK_TEXT(challenge->realm, "files");
    CHECK_TEXT(challenge->error, "insufficient_user_authentication");
    CHECK_TEXT(challenge->error_description, "log in again");
    CHECK_TEXT(challenge->acr_values, "gold silver");
    CHECK_TEXT(challenge->scope, "read write");
    CHECK_NUMBER(challenge->max_age_s, 5);
    CHECK(challenge->resource_metadata == NULL && challenge->token68 == NULL);
    CHECK_NUMBER(challenge->parameter_count, 6);
    challenge = active_challenges_at(challenges, 2);
    CHECK_TEXT(challenge->resource_metadata, "https://tools.example/m");
    CHECK_TEXT(challenge->parameters[0].name, "algs");
    CHECK_TEXT(challenge->parameters[0].value, "ES256");
    CHECK(active_challenges_at(challenges, 3) == NULL);
    active_challenges_free(challenges);
    challenges = active_challenges_parse(NULL, 2);
    CHECK_NUMBER(active_challenges_count(challenges), 0);
    active_challenges_free(challenges);
}

static void a_call_that_is_refused_lends_its_challenges(void)
{
    static const active_pair refusal[] = {{"WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"admin\""}};
    active_client *client = active_client_new_from_record(RECORD, "id");
    active_exchange *x, *call;
    active_client_auth(client, "none");
    x = active_client_token(client, "password", NULL, 0);
    CHECK(active_exchange_challenges(x) == NULL);
    active_exchange_free(x);
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_NUMBER(answered(x, 200, "{\"access_token\": \"2YotnFZ\", \"token_type\": \"Bearer\"}"), ACTIVE_DONE);
    call = active_client_call(client, active_exchange_token(x), "GET", "/files");
    active_exchange_free(x);
    CHECK(active_exchange_challenges(call) == NULL);
    CHECK_NUMBER(active_exchange_step(call, &NOW), ACTIVE_SEND);
    active_exchange_receive(call, 403, refusal, 1, NULL, 0);
    CHECK_NUMBER(active_exchange_step(call, &NOW), ACTIVE_DONE);
    CHECK_NUMBER(active_challenges_count(active_exchange_challenges(call)), 1);
    CHECK_TEXT(active_challenges_at(active_exchange_challenges(call), 0)->scope, "admin");
    active_exchange_free(call);
    active_client_free(client);
}

static const char STEPPED[] =
    "{\"version\": 1, \"name\": \"login.example\", \"base\": \"https://login.example\", \"token\": {\"url\": \"/token\", \"auth\": \"none\"},"
    "\"authorize\": {\"url\": \"/authorize\"}, \"endpoints\": {\"pushed_authorization_request\": \"/par\"}}";

static void rfc_9470_4_a_demand_for_another_login_goes_along_with_it(void)
{
    static const active_pair refusal[] = {
        {"WWW-Authenticate", "Basic, Bearer error=\"insufficient_user_authentication\", acr_values=\"gold silver\", max_age=5, scope=\"write\""}};
    static const active_pair own[] = {{"scope", "openid read"}, {"max_age", "3600"}};
    active_challenges *challenges = active_challenges_parse(refusal, 1), *others;
    const active_challenge *wanted = active_challenges_step_up(challenges);
    active_client *client = active_client_new_from_record(STEPPED, "id");
    active_login *login = active_client_authorize_step_up(client, wanted, "https://app.example/cb", own, 2, 0, &NOW);
    active_exchange *x;
    char *body;
    CHECK(wanted == active_challenges_at(challenges, 1));
    CHECK_HOLDS(active_login_url(login), "acr_values=gold%20silver");
    CHECK_HOLDS(active_login_url(login), "max_age=5&");
    CHECK_HOLDS(active_login_url(login), "scope=openid%20read%20write");
    active_login_free(login);
    x = active_client_push_step_up(client, wanted, "https://app.example/cb", own, 1, 0, &NOW);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    body = text_of(active_exchange_request(x)->body, active_exchange_request(x)->body_length);
    CHECK_HOLDS(body, "scope=openid+read+write");
    free(body);
    active_exchange_free(x);
    login = active_client_authorize_step_up(client, NULL, "https://app.example/cb", own, 1, 0, &NOW);
    CHECK(strstr(active_login_url(login), "acr_values") == NULL);
    active_login_free(login);
    others = active_challenges_parse(NULL, 0);
    CHECK(active_challenges_step_up(others) == NULL);
    active_challenges_free(others);
    active_challenges_free(challenges);
    active_client_free(client);
}

static void a_policy_refuses_before_anything_is_sent(void)
{
    static const active_pair user[] = {{"username", "jo"}, {"password", "secret"}};
    active_client *client = active_client_new_from_record(STEPPED, "id");
    active_exchange *x;
    active_login *login;
    active_client_policy(client, "oauth_2_1");
    x = active_client_token(client, "password", user, 2);
    CHECK_FAILS(x, ACTIVE_USAGE, "policy oauth_2_1: ");
    CHECK(active_exchange_request(x) == NULL);
    active_exchange_free(x);
    active_client_policy(client, "fapi_2_0");
    login = active_client_authorize(client, "https://app.example/cb", NULL, 0, 0, &NOW);
    CHECK(active_login_error(login) != NULL);
    if (active_login_error(login)) CHECK_HOLDS(active_login_error(login)->message, "policy fapi_2_0: ");
    active_login_free(login);
    active_client_policy(client, "strict");
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "policy: must be oauth_2_1 or fapi_2_0");
    active_exchange_free(x);
    active_client_free(client);
}

/* From a refusal with that scope to what the authorization server says of itself. */
static active_exchange *admitted(active_access *access, const char *server)
{
    static const active_pair refusal[] = {
        {"WWW-Authenticate", "Bearer resource_metadata=\"https://tools.example/.well-known/oauth-protected-resource/mcp\", scope=\"files:read\""}};
    active_exchange *x = active_access_after(access, refusal, 1, NULL);
    active_access_free(access);
    CHECK(active_exchange_admission(x) == NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://tools.example/.well-known/oauth-protected-resource/mcp");
    CHECK_NUMBER(answered(x, 200, RESOURCE), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/.well-known/oauth-authorization-server");
    answered(x, 200, server);
    return x;
}

static void a_refusal_leads_to_a_client_by_its_own_document(void)
{
    active_access *access = active_access_new(API);
    active_exchange *x;
    active_client *client;
    active_login *login;
    const active_admission *admission;
    active_access_client_document(access, "https://app.example/client.json");
    x = admitted(access, SERVER);
    admission = active_exchange_admission(x);
    CHECK(admission != NULL);
    if (!admission) { active_exchange_free(x); return; }
    CHECK_TEXT(admission->client_id, "https://app.example/client.json");
    CHECK_TEXT(admission->scope, "files:read");
    CHECK_NUMBER(admission->parameter_count, 2);
    CHECK_TEXT(active_document_field(admission->resource, "/scopes_supported/1"), "\"files:write\"");
    CHECK(admission->registration == NULL);
    client = active_exchange_take_client(x);
    CHECK(client != NULL && active_exchange_take_client(x) == NULL);
    login = active_client_authorize(client, "http://127.0.0.1:8080/cb", admission->parameters, admission->parameter_count, 0, &NOW);
    CHECK_HOLDS(active_login_url(login), "https://login.example/authorize?");
    CHECK_HOLDS(active_login_url(login), "resource=https%3A%2F%2Ftools.example%2Fmcp");
    CHECK_HOLDS(active_login_url(login), "scope=files%3Aread");
    active_login_free(login);
    active_client_free(client);
    /* What was not taken is freed with its exchange; what was kept makes a client at the next start. */
    client = active_client_new_from_record(admission->record, admission->client_id);
    active_client_auth(client, "none");
    active_exchange_free(x);
    x = active_client_token(client, "client_credentials", NULL, 0);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/token");
    active_exchange_free(x);
    active_client_free(client);
}

static void a_refusal_leads_to_a_client_by_registration(void)
{
    active_access *access = active_access_new(API);
    const active_admission *admission;
    active_exchange *x;
    active_access_register(access, "{\"redirect_uris\": [\"http://127.0.0.1/cb\"]}");
    active_access_initial_access_token(access, "initial-token");
    x = admitted(access, SERVER);
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/register");
    CHECK_TEXT(header(active_exchange_request(x), "authorization"), "Bearer initial-token");
    CHECK_NUMBER(answered(x, 201, REGISTERED), ACTIVE_DONE);
    admission = active_exchange_admission(x);
    CHECK_TEXT(admission ? admission->client_id : NULL, "s6BhdRkqt3");
    if (admission) CHECK_TEXT(active_document_field(admission->registration, "/client_secret"), "\"cf136dc3c1fc\"");
    active_exchange_free(x);
}

/* The last step failed so. */
static void told(active_exchange *x, active_kind kind, const char *why)
{
    const active_error *error = active_exchange_error(x);
    CHECK(error != NULL);
    if (!error) return;
    CHECK_NUMBER(error->kind, kind);
    CHECK_HOLDS(error->message, why);
    CHECK(active_exchange_admission(x) == NULL && active_exchange_take_client(x) == NULL);
}

static void a_way_that_cannot_be_gone_is_told(void)
{
    active_access *access = active_access_new(API);
    active_exchange *x = admitted(access, SERVER);
    told(x, ACTIVE_USAGE, "client document, or metadata to register with");
    active_exchange_free(x);
    x = admitted(active_access_new(API), "{\"issuer\": \"https://login.example\", \"authorization_endpoint\": \"https://login.example/authorize\","
                                         "\"token_endpoint\": \"https://login.example/token\"}");
    told(x, ACTIVE_UNTRUSTED, "S256");
    active_exchange_free(x);
    access = active_access_new(NULL);
    active_access_register(access, "{}");
    x = active_access_after(access, NULL, 0, NULL);
    CHECK_FAILS(x, ACTIVE_USAGE, "url: is NULL");
    active_exchange_free(x);
    active_access_free(access);
    access = active_access_new("http://tools.example/mcp");
    x = active_access_after(access, NULL, 0, NULL);
    CHECK_FAILS(x, ACTIVE_USAGE, "https");
    active_exchange_free(x);
    active_access_free(access);
}

static void a_registration_is_read_changed_and_deleted(void)
{
    active_exchange *x = active_registration_update(RECORD, REGISTERED, "{\"client_name\": \"App\"}", NULL);
    active_document *changed;
    char *body;
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->method, "PUT");
    CHECK_TEXT(active_exchange_request(x)->url, "https://login.example/register/s6BhdRkqt3");
    CHECK_TEXT(header(active_exchange_request(x), "authorization"), "Bearer reg-23410913");
    body = text_of(active_exchange_request(x)->body, active_exchange_request(x)->body_length);
    CHECK_HOLDS(body, "\"client_id\":\"s6BhdRkqt3\"");
    free(body);
    CHECK_NUMBER(answered(x, 200, "{\"client_id\": \"s6BhdRkqt3\", \"client_name\": \"App\", \"registration_access_token\": \"reg-new\"}"), ACTIVE_DONE);
    changed = active_document_copy(active_exchange_document(x));
    active_exchange_free(x);
    /* What the answer left out is still known, what it changed is new. */
    x = active_registration_read(RECORD, changed->json, NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->method, "GET");
    CHECK_TEXT(header(active_exchange_request(x), "authorization"), "Bearer reg-new");
    CHECK_NUMBER(answered(x, 200, "{\"client_id\": \"another\"}"), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
    active_exchange_free(x);
    x = active_registration_delete(RECORD, changed->json, NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->method, "DELETE");
    CHECK_NUMBER(answered(x, 204, ""), ACTIVE_DONE);
    active_exchange_free(x);
    active_document_free(changed);
    x = active_registration_read(RECORD, "{\"client_id\": \"s6BhdRkqt3\"}", NULL);
    CHECK_FAILS(x, ACTIVE_USAGE, "cannot be managed");
    active_exchange_free(x);
    x = active_registration_delete(RECORD, "no registration", NULL);
    CHECK_FAILS(x, ACTIVE_USAGE, "registration");
    active_exchange_free(x);
}

static void an_api_is_asked_where_its_refusal_says(void)
{
    static const active_pair refusal[] = {{"WWW-Authenticate", "Bearer resource_metadata=\"https://elsewhere.example/tools\""}};
    active_exchange *x = active_resource_challenged(API, refusal, 1, NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://elsewhere.example/tools");
    CHECK_NUMBER(answered(x, 200, RESOURCE), ACTIVE_DONE);
    CHECK_TEXT(active_document_field(active_exchange_document(x), "/authorization_servers/0"), "\"https://login.example\"");
    active_exchange_free(x);
    x = active_resource_challenged("https://tools.example/other", refusal, 1, NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_NUMBER(answered(x, 200, RESOURCE), ACTIVE_FAILED);
    CHECK_NUMBER(active_exchange_error(x)->kind, ACTIVE_UNTRUSTED);
    active_exchange_free(x);
    /* A refusal that names no place. */
    x = active_resource_challenged(API, NULL, 0, NULL);
    CHECK_NUMBER(active_exchange_step(x, &NOW), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "https://tools.example/.well-known/oauth-protected-resource/mcp");
    active_exchange_free(x);
}

static void a_programs_own_document_is_written_and_checked(void)
{
    static const char id[] = "https://app.example/client.json";
    static const struct { const char *id, *metadata, *why; } wrongs[] = {
        {id, "{\"redirect_uris\": [\"https://app.example/cb\"], \"client_secret\": \"cf136dc3c1fc\"}", "client_secret"},
        {id, "{\"client_name\": \"App\"}", "redirect_uris"},
        {id, "no JSON", "not JSON"},
        {id, NULL, "NULL"},
        {"http://app.example/client.json", "{\"redirect_uris\": [\"https://app.example/cb\"]}", "https"},
        {"https://app.example/", "{\"redirect_uris\": [\"https://app.example/cb\"]}", "path"},
        {NULL, "{}", "NULL"},
    };
    active_exchange *x = active_client_document(id, "{\"redirect_uris\": [\"https://app.example/cb\"], \"client_name\": \"App\"}");
    json_t *document;
    size_t i;
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_DONE);
    document = json_loads(active_exchange_text(x), 0, NULL);
    CHECK_TEXT(json_string_value(json_object_get(document, "client_id")), id);
    CHECK_TEXT(json_string_value(json_object_get(document, "client_name")), "App");
    CHECK_TEXT(json_string_value(json_object_get(document, "token_endpoint_auth_method")), "none");
    json_decref(document);
    active_exchange_free(x);
    for (i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        x = active_client_document(wrongs[i].id, wrongs[i].metadata);
        CHECK(strstr(CHECK_FAILS(x, ACTIVE_USAGE, wrongs[i].why)->message, "cf136dc3c1fc") == NULL);
        active_exchange_free(x);
    }
}

RUN_TESTS(TEST(every_challenge_of_every_field_is_read),
          TEST(a_call_that_is_refused_lends_its_challenges),
          TEST(rfc_9470_4_a_demand_for_another_login_goes_along_with_it),
          TEST(a_policy_refuses_before_anything_is_sent),
          TEST(a_refusal_leads_to_a_client_by_its_own_document),
          TEST(a_refusal_leads_to_a_client_by_registration),
          TEST(a_way_that_cannot_be_gone_is_told),
          TEST(an_api_is_asked_where_its_refusal_says),
          TEST(a_programs_own_document_is_written_and_checked),
          TEST(a_registration_is_read_changed_and_deleted))
