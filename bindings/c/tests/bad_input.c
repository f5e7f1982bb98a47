/* What becomes of input that cannot be right? Each is a clear, typed error that says whose move it is. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const active_pair SCOPE[] = {{"scope", "read:builders"}};

/* A token request by this client fails as ACTIVE_USAGE; nothing was sent. Frees the client. */
static void is_wrong_use(active_client *client, const char *message)
{
    active_exchange *x = active_client_token(client, "client_credentials", SCOPE, 1);
    const active_error *error = CHECK_FAILS(x, ACTIVE_USAGE, message);
    CHECK_TEXT(error->kind_name, "usage");
    CHECK_NUMBER(error->status, 0);
    CHECK(!error->transient);
    CHECK(active_exchange_request(x) == NULL);
    CHECK(active_exchange_token(x) == NULL);
    active_exchange_free(x);
    active_client_free(client);
}

static active_client *based(const char *base)
{
    active_client *client = active_client_new("buildpass", "id");
    active_client_secret(client, "secret");
    active_client_base(client, base);
    return client;
}

static void a_time_that_is_none_is_wrong_use(void)
{
    active_client *client = active_client_new("buildpass", "id");
    active_login *login = active_client_authorize(client, "https://app.example/callback", NULL, 0, -1, NULL);
    const active_error *error = active_login_error(login);
    CHECK(error != NULL);
    if (error) CHECK_HOLDS(error->message, "lifetime: must not be less than 0 milliseconds");
    active_login_free(login);
    active_client_free(client);
}

static void wrong_urls_are_wrong_use(void)
{
    static const char *const urls[] = {"", "nonsense", "ftp://a.example", "https://", "https://user:password@a.example",
                                       "https://a.example/#fragment", "https://a.example/\r\nx: y", "//a.example", "https://a b.example", "https://a.example?tenant=1"};
    size_t i;
    for (i = 0; i < sizeof urls / sizeof *urls; i++) is_wrong_use(based(urls[i]), "base: ");
}

static void plain_http_is_refused_but_for_loopback_by_its_ugly_name(void)
{
    active_client *client = based("http://localhost:1");
    active_exchange *x;
    is_wrong_use(based("http://a.example"), "https");
    is_wrong_use(based("http://127.0.0.1:1"), "a client can allow plain http to loopback");
    active_client_danger_allow_plain_http_to_loopback(client);
    x = active_client_token(client, "client_credentials", SCOPE, 1);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
    CHECK_TEXT(active_exchange_request(x)->url, "http://localhost:1/oauth/token");
    active_exchange_free(x);
    active_client_free(client);
    client = based("http://a.example");
    active_client_danger_allow_plain_http_to_loopback(client);
    is_wrong_use(client, "plain http is allowed to loopback only");
}

static void an_unknown_word_is_wrong_use_that_names_the_known_ones(void)
{
    active_client *client = active_client_new("googel", "id");
    active_exchange *x;
    is_wrong_use(client, "buildpass");
    client = active_client_new("buildpass", "id");
    active_client_auth(client, "digest");
    is_wrong_use(client, "basic_raw");
    client = active_client_new("buildpass", "id");
    active_client_body(client, "xml");
    is_wrong_use(client, "json");
    client = active_client_new("buildpass", "id");
    active_client_secret(client, "secret");
    x = active_client_token(client, "clientcredentials", NULL, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "client_credentials");
    active_exchange_free(x);
    active_client_free(client);
}

static void a_missing_parameter_is_named(void)
{
    active_client *buildpass = client_of("buildpass"), *building = client_of("activebuilding");
    const active_pair half[] = {{"username", "testuser@building.com"}};
    active_exchange *x = active_client_token(buildpass, "client_credentials", NULL, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "scope");
    active_exchange_free(x);
    x = active_client_token(building, "password", half, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "password");
    active_exchange_free(x);
    x = active_client_token(buildpass, "password", half, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "password");
    active_exchange_free(x);
    active_client_free(buildpass);
    active_client_free(building);
    is_wrong_use(active_client_new("buildpass", ""), "id");
    CHECK_NUMBER(counter("buildpass", "connections"), 0);
}

/* nulls.py tries NULL for every argument of every function; here is what some of them say. */
static void what_is_null_is_named(void)
{
    active_client *client = client_of("buildpass");
    const active_pair no_value[] = {{"scope", NULL}}, no_name[] = {{NULL, "x"}};
    active_exchange *x = active_client_token(NULL, "client_credentials", SCOPE, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "client: is NULL");
    active_exchange_free(x);
    x = active_client_token(client, NULL, SCOPE, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "grant: is NULL");
    active_exchange_free(x);
    x = active_client_token(client, "client_credentials", NULL, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "parameters: is NULL, and its count 1");
    active_exchange_free(x);
    x = active_client_token(client, "client_credentials", no_value, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "parameters: a value: is NULL");
    active_exchange_free(x);
    x = active_client_token(client, "client_credentials", no_name, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "parameters: a name: is NULL");
    active_exchange_free(x);
    x = active_client_call(client, NULL, "GET", "/v1/builders");
    CHECK_FAILS(x, ACTIVE_USAGE, "token: is NULL");
    active_exchange_free(x);
    x = active_client_callback(client, NULL, "code=x");
    CHECK_FAILS(x, ACTIVE_USAGE, "login: is NULL");
    active_exchange_free(x);
    active_client_free(client);
    CHECK_NUMBER(active_exchange_run(NULL), ACTIVE_FAILED);
    CHECK(active_exchange_error(NULL) == NULL);
}

static void a_record_that_is_wrong_says_where(void)
{
    is_wrong_use(active_client_new_from_record("{", "id"), "line 1");
    is_wrong_use(active_client_new_from_record("{\"version\": 2}", "id"), "version");
    is_wrong_use(active_client_new_from_record("{\"version\": 1, \"name\": \"mine\", \"token\": {\"urll\": \"/token\"}}", "id"), "urll");
}

/* Neither an id, nor a secret, nor a parameter, nor a URL may be anything but UTF-8. */
static void invalid_utf8_is_wrong_use(void)
{
    static const char bad[] = "a\xff\xfez";
    active_pair pair[1];
    active_client *client = client_of("buildpass");
    active_exchange *x;
    active_token *token;
    active_login *login;
    is_wrong_use(active_client_new(bad, "id"), "UTF-8");
    is_wrong_use(active_client_new("buildpass", bad), "UTF-8");
    is_wrong_use(active_client_new_from_record(bad, "id"), "UTF-8");
    is_wrong_use(based(bad), "UTF-8");
    active_client_secret(client, bad);
    is_wrong_use(client, "client_secret: not UTF-8 at byte 1");

    client = client_of("buildpass");
    pair[0].name = bad;
    pair[0].value = "x";
    x = active_client_token(client, "client_credentials", pair, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "UTF-8");
    active_exchange_free(x);
    pair[0].name = "scope";
    pair[0].value = bad;
    x = active_client_token(client, "client_credentials", pair, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "UTF-8");
    active_exchange_free(x);

    token = active_token_restore(bad);
    CHECK_HOLDS(active_token_error(token)->message, "UTF-8");
    x = active_client_call(client, token, "GET", "/v1/builders");
    CHECK_FAILS(x, ACTIVE_USAGE, "UTF-8");
    active_exchange_free(x);
    active_token_free(token);
    login = active_login_restore(bad);
    CHECK_HOLDS(active_login_error(login)->message, "UTF-8");
    active_login_free(login);
    active_client_free(client);
}

static void a_line_break_begins_no_header(void)
{
    active_client *client = client_of("buildpass");
    active_token *token = token_of(client, "buildpass");
    static const char *const bad[][2] = {{"x-mine", "1\r\nevil: 2"}, {"x-mine", "1\nevil: 2"}, {"x-mine\r\nevil", "2"}, {"x mine", "2"},
                                         {"Authorization", "Bearer mine"}, {"Host", "evil.example"}, {"Content-Length", "0"}};
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        active_exchange *x = active_client_call(client, token, "GET", "/v1/builders");
        active_exchange_header(x, bad[i][0], bad[i][1]);
        CHECK_FAILS(x, ACTIVE_USAGE, "header");
        active_exchange_free(x);
    }
    CHECK_NUMBER(counter("buildpass", "api_requests"), 0);
    active_token_free(token);
    active_client_free(client);
}

/* An answer to a token request of BuildPass, as the server's own transport would hand it in. */
static active_exchange *answered(int status, const char *content_type, const char *body)
{
    active_client *client = client_of("buildpass");
    active_exchange *x = active_client_token(client, "client_credentials", SCOPE, 1);
    active_pair header[1];
    header[0].name = "content-type";
    header[0].value = content_type;
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
    active_exchange_receive(x, status, header, 1, body, strlen(body));
    active_client_free(client);
    return x;
}

static void a_token_that_could_not_stand_in_a_header_is_garbled(void)
{
    static const char *const tokens[] = {"a\\r\\nX-Evil: 1", "a\\nb", "a\\u0000b", "a b", "\\u00e4", "", "a\\u007fb"};
    char body[200];
    size_t i;
    for (i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        active_exchange *x;
        strcpy(body, "{\"access_token\":\"");
        strcat(body, tokens[i]);
        strcat(body, "\",\"token_type\":\"Bearer\"}");
        x = answered(200, "application/json", body);
        CHECK_FAILS(x, ACTIVE_GARBLED, "access_token");
        CHECK(active_exchange_token(x) == NULL);
        active_exchange_free(x);
    }
}

static void an_answer_that_is_no_token_is_garbled_or_refused(void)
{
    static const struct {
        int status;
        const char *type, *body;
        active_kind kind;
        const char *message;
    } cases[] = {
        {200, "text/html", "<html><body>Sign in to the hotel's network</body></html>", ACTIVE_GARBLED, "HTTP 200"},
        {502, "text/html", "<html><body>Bad Gateway</body></html>", ACTIVE_REFUSED, "HTTP 502"},
        {200, "application/json", "{\"access_token\":\"abcdef\",\"tok", ACTIVE_GARBLED, "ends too early"},
        {200, "application/json", "", ACTIVE_GARBLED, "empty"},
        {200, "application/json", "[]", ACTIVE_GARBLED, ""},
        {200, "application/json", "{\"access_token\":17}", ACTIVE_GARBLED, "access_token"},
        {200, "application/json", "{\"token_type\":\"Bearer\"}", ACTIVE_GARBLED, "access_token"},
        {200, "application/json", "{\"error\":\"invalid_scope\"}", ACTIVE_REFUSED, "invalid_scope"},
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        active_exchange *x = answered(cases[i].status, cases[i].type, cases[i].body);
        const active_error *error = CHECK_FAILS(x, cases[i].kind, cases[i].message);
        CHECK_NUMBER(error->status, cases[i].status);
        CHECK_NUMBER(error->body_length, strlen(cases[i].body));
        if (cases[i].body[0]) CHECK(memcmp(error->body, cases[i].body, error->body_length) == 0);
        active_exchange_free(x);
    }
}

static void what_can_be_read_is_read_and_the_deviation_told(void)
{
    active_exchange *x = answered(200, "text/plain", "{\"access_token\":\"abcdef\",\"expires_in\":\"soon\"}");
    if (CHECK_DONE(x)) {
        CHECK_TEXT(active_exchange_token(x)->deviations, "token_type missing, expires_in unreadable");
        CHECK_NUMBER(active_exchange_token(x)->expires_at_ms, -1);
    }
    active_exchange_free(x);
}

static void steps_out_of_turn_are_wrong_use(void)
{
    active_client *client = client_of("buildpass");
    active_exchange *x = active_client_token(client, "client_credentials", SCOPE, 1);
    active_exchange_receive(x, 200, NULL, 0, "{}", 2);
    CHECK_FAILS(x, ACTIVE_USAGE, "step first");
    active_exchange_free(x);

    x = active_client_token(client, "client_credentials", SCOPE, 1);
    active_exchange_carry(x);
    CHECK_FAILS(x, ACTIVE_USAGE, "step");
    active_exchange_free(x);

    x = active_client_token(client, "client_credentials", SCOPE, 1);
    CHECK_DONE(x);
    CHECK_FAILS(x, ACTIVE_USAGE, "ended");
    active_exchange_query(x, "too", "late");
    CHECK_FAILS(x, ACTIVE_USAGE, "call");
    active_exchange_free(x);

    x = active_client_token(client, "client_credentials", SCOPE, 1);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
    active_exchange_receive(x, 99999, NULL, 0, NULL, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "status");
    active_exchange_free(x);
    active_client_free(client);
}

static void a_call_to_another_origin_gets_no_token(void)
{
    static const char *const targets[] = {"https://evil.example/v1/builders", "http://localhost/v1/builders", "https://localhost:1/v1/builders",
                                          "\\\\evil.example\\", "/\r\nx", ""};
    active_client *client = client_of("buildpass");
    active_token *token = token_of(client, "buildpass");
    active_exchange *x;
    size_t i;
    for (i = 0; i < sizeof targets / sizeof *targets; i++) {
        x = active_client_call(client, token, "GET", targets[i]);
        CHECK_FAILS(x, ACTIVE_USAGE, "");
        CHECK(active_exchange_request(x) == NULL);
        active_exchange_free(x);
    }
    /* No host here, but a path that begins with two slashes. */
    x = active_client_call(client, token, "GET", "//evil.example/v1/builders");
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
    CHECK(strncmp(active_exchange_request(x)->url, sandbox("providers.buildpass"), strlen(sandbox("providers.buildpass"))) == 0);
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void a_token_of_another_provider_is_not_taken(void)
{
    active_client *buildpass = client_of("buildpass"), *honeywell = client_of("honeywell");
    active_token *token = token_of(honeywell, "honeywell");
    active_exchange *x = active_client_call(buildpass, token, "GET", "/v1/builders");
    CHECK_FAILS(x, ACTIVE_USAGE, "honeywell");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(buildpass);
    active_client_free(honeywell);
}

static void damaged_texts_are_refused_with_a_reason(void)
{
    static const char *const damaged[] = {"", "x", "{}", "{\"version\":2}", "{\"version\":1}", "null"};
    size_t i;
    for (i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        active_token *token = active_token_restore(damaged[i]), *copied = active_token_copy(token);
        active_login *login = active_login_restore(damaged[i]);
        CHECK(active_token_error(token) && active_token_error(token)->message[0]);
        CHECK(active_token_error(copied) != NULL);
        CHECK_TEXT(token->access_token, "");
        CHECK(active_token_saved(token) == NULL);
        CHECK(active_token_user(token) == NULL);
        CHECK(active_token_field(token, "") == NULL);
        CHECK(active_login_error(login) && active_login_error(login)->message[0]);
        CHECK(active_login_saved(login) == NULL);
        CHECK(!active_login_is_taken(login));
        active_token_free(token);
        active_token_free(copied);
        active_login_free(login);
    }
}

static void a_text_of_a_newer_version_says_so(void)
{
    active_token *token = active_token_restore("{\"active_token\":2}");
    active_login *login = active_login_restore("{\"active_login\":2}");
    CHECK_HOLDS(active_token_error(token)->message, "newer");
    CHECK_HOLDS(active_login_error(login)->message, "newer");
    active_token_free(token);
    active_login_free(login);
}

static void an_agent_that_is_wrong_says_so_at_the_first_step(void)
{
    int i;
    for (i = 0; i < 8; i++) {
        active_client *client = client_of("buildpass");
        active_agent *agent = active_agent_new();
        if (i == 0) active_agent_roots(agent, "mine");
        if (i == 1) active_agent_roots_file(agent, "/no/such/file.pem");
        if (i == 2) active_agent_roots_pem(agent, "no PEM", 6);
        if (i == 3) active_agent_proxy(agent, "gopher://proxy");
        if (i == 4) active_agent_deadline_ms(agent, 0);
        if (i == 5) active_agent_connect_timeout_ms(agent, -1);
        if (i == 6) active_agent_user_agent(agent, "a\r\nb");
        if (i == 7) active_agent_roots_pem(agent, "", 0);
        active_client_agent(client, agent);
        active_agent_free(agent);
        is_wrong_use(client, "");
    }
}

RUN_TESTS(TEST(wrong_urls_are_wrong_use),
          TEST(a_time_that_is_none_is_wrong_use),
          TEST(plain_http_is_refused_but_for_loopback_by_its_ugly_name),
          TEST(an_unknown_word_is_wrong_use_that_names_the_known_ones),
          TEST(a_missing_parameter_is_named),
          TEST(what_is_null_is_named),
          TEST(a_record_that_is_wrong_says_where),
          TEST(invalid_utf8_is_wrong_use),
          TEST(a_line_break_begins_no_header),
          TEST(a_token_that_could_not_stand_in_a_header_is_garbled),
          TEST(an_answer_that_is_no_token_is_garbled_or_refused),
          TEST(what_can_be_read_is_read_and_the_deviation_told),
          TEST(steps_out_of_turn_are_wrong_use),
          TEST(a_call_to_another_origin_gets_no_token),
          TEST(a_token_of_another_provider_is_not_taken),
          TEST(damaged_texts_are_refused_with_a_reason),
          TEST(a_text_of_a_newer_version_says_so),
          TEST(an_agent_that_is_wrong_says_so_at_the_first_step))
