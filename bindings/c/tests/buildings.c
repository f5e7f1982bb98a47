/* Do ActiveBuilding and MyBuilding work from C? Sources: ActiveBuilding API guide, MyBuilding API guide (the same dialect). */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const char *const PROVIDERS[] = {"activebuilding", "mybuilding"};

static const active_pair STAFF[] = {{"username", "testuser@building.com"}, {"password", "mypassword"}};
static const active_pair RESIDENT[] = {{"username", "resident@building.com"}, {"password", "mypassword"}};

static int saves;

static int store(void *context, const active_token *token)
{
    char **stored = (char **)context;
    const char *saved = active_token_saved(token);
    free(*stored);
    *stored = text_of(saved, strlen(saved));
    saves++;
    return 0;
}

static char *body_of(active_exchange *x)
{
    const active_answer *answer = active_exchange_answer(x);
    return text_of(answer->body, answer->body_length);
}

static void the_password_grant_gives_a_token_and_the_user(void)
{
    size_t i;
    for (i = 0; i < 2; i++) {
        active_client *client = client_of(PROVIDERS[i]);
        active_exchange *x = active_client_token(client, "password", STAFF, 2);
        if (CHECK_DONE(x)) {
            const active_token *token = active_exchange_token(x);
            const active_user *user = active_token_user(token);
            CHECK(token->token_type == NULL);
            CHECK(token->refresh_token == NULL);
            CHECK_NUMBER(token->expires_at_ms, -1);
            CHECK_TEXT(token->deviations, "token_type missing");
            CHECK_TEXT(token->provider, PROVIDERS[i]);
            CHECK(user != NULL);
            if (user) {
                CHECK_TEXT(user->user_id, "1142");
                CHECK_TEXT(user->user_type, "STAFF");
                CHECK_TEXT(user->email, "testuser@building.com");
                CHECK_TEXT(user->fullname, "John John");
                CHECK_TEXT(user->profile_picture, "https://s3.amazonaws.com/assets.activebuilding.com/Profile/1142.jpg");
            }
            CHECK_TEXT(active_token_field(token, "/user/userType"), "\"STAFF\"");
        }
        active_exchange_free(x);
        active_client_free(client);
    }
}

/* A user id that ended at a NUL could be another user's. */
static void a_nul_in_the_users_id_is_not_its_end(void)
{
    static const char body[] = "{\"access_token\":\"abcdef\",\"user\":{\"userId\":\"1\\u00002\",\"fullname\":\"Jo\\u0000hn\"}}";
    active_client *client = client_of("activebuilding");
    active_exchange *x = active_client_token(client, "password", STAFF, 2);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
    active_exchange_receive(x, 200, NULL, 0, body, sizeof body - 1);
    if (CHECK_DONE(x)) {
        const active_user *user = active_token_user(active_exchange_token(x));
        CHECK_TEXT(user->user_id, "1\xef\xbf\xbd" "2");
        CHECK_TEXT(user->fullname, "Jo\xef\xbf\xbdhn");
        CHECK(user->user_type == NULL);
        CHECK(user->email == NULL);
    }
    active_exchange_free(x);
    active_client_free(client);
}

static void mybuilding_needs_a_base(void)
{
    active_client *client = active_client_new("mybuilding", "id");
    active_exchange *x;
    active_client_secret(client, "secret");
    x = active_client_token(client, "password", STAFF, 2);
    CHECK_FAILS(x, ACTIVE_USAGE, "base");
    active_exchange_free(x);
    active_client_free(client);
}

static void special_characters_in_every_credential_arrive(void)
{
    active_client *client = special_client_of("activebuilding");
    active_pair special[2] = {{"username", NULL}, {"password", NULL}};
    active_exchange *x;
    special[0].value = sandbox("credentials.activebuilding.users.special.username");
    special[1].value = sandbox("credentials.activebuilding.users.special.password");
    x = active_client_token(client, "password", special, 2);
    if (CHECK_DONE(x)) CHECK_TEXT(active_token_user(active_exchange_token(x))->fullname, "Zo\xc3\xab \"Quote\" O'Neil");
    active_exchange_free(x);
    active_client_free(client);
}

static void each_documented_error_has_its_code_and_the_standard_one(void)
{
    static const struct {
        const char *id, *secret, *username, *password, *code, *standard, *description;
    } cases[] = {
        {"nobody", NULL, "testuser@building.com", "mypassword", "invalid_client_id", "invalid_client", "client identifier invalid"},
        {NULL, "wrong", "testuser@building.com", "mypassword", "invalid_client_credentials", "invalid_client", "client secret invalid"},
        {NULL, NULL, "nobody@building.com", "mypassword", "invalid_grant", "invalid_grant", "invalid user credentials"},
        {NULL, NULL, "testuser@building.com", "wrong", "authentication_failure", "invalid_grant", "invalid password"},
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *id = cases[i].id ? cases[i].id : sandbox("credentials.activebuilding.client_id");
        const char *secret = cases[i].secret ? cases[i].secret : sandbox("credentials.activebuilding.client_secret");
        active_client *client = active_client_new("activebuilding", id);
        active_agent *agent = sandbox_agent();
        active_pair login[2] = {{"username", NULL}, {"password", NULL}};
        active_exchange *x;
        const active_error *error;
        login[0].value = cases[i].username;
        login[1].value = cases[i].password;
        active_client_secret(client, secret);
        active_client_base(client, sandbox("providers.activebuilding"));
        active_client_agent(client, agent);
        x = active_client_token(client, "password", login, 2);
        error = CHECK_FAILS(x, ACTIVE_REFUSED, cases[i].description);
        CHECK_TEXT(error->code, cases[i].code);
        CHECK_TEXT(error->standard_code, cases[i].standard);
        CHECK_TEXT(error->description, cases[i].description);
        CHECK_NUMBER(error->status, 400);
        CHECK(error->body_length > 0);
        active_exchange_free(x);
        active_agent_free(agent);
        active_client_free(client);
    }
}

static void communities_are_doubly_nested_and_packages_need_a_community(void)
{
    active_client *client = client_of("activebuilding");
    active_token *token = token_of(client, "activebuilding");
    active_exchange *x = active_client_call(client, token, "GET", "/communities");
    if (CHECK_DONE(x)) {
        char *body = body_of(x);
        CHECK_HOLDS(body, "{\"communities\":{\"community\":[[{\"communityId\":\"10\",\"title\":\"140 Riverside\"}]]}}");
        free(body);
    }
    active_exchange_free(x);

    x = active_client_call(client, token, "GET", "/packages");
    active_exchange_query(x, "communityId", "10");
    if (CHECK_DONE(x)) {
        char *body = body_of(x);
        CHECK_NUMBER(active_exchange_answer(x)->status, 200);
        CHECK_HOLDS(body, "\"packageId\"");
        free(body);
    }
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

static void staff_may_add_a_package_and_residents_may_not(void)
{
    active_client *client = client_of("activebuilding");
    const active_pair *const who[] = {STAFF, RESIDENT};
    static const int expected[] = {200, 403};
    int i;
    for (i = 0; i < 2; i++) {
        active_exchange *asked = active_client_token(client, "password", who[i], 2);
        if (CHECK_DONE(asked)) {
            active_exchange *x = active_client_call(client, active_exchange_token(asked), "POST", "/packages");
            active_exchange_form(x, "communityId", "10");
            active_exchange_form(x, "userId", "2201");
            active_exchange_form(x, "description", "a parcel & more = 100%");
            active_exchange_free(asked); /* the call keeps its token */
            asked = NULL;
            if (CHECK_DONE(x)) {
                char *body = body_of(x);
                CHECK_NUMBER(active_exchange_answer(x)->status, expected[i]);
                CHECK_HOLDS(body, i == 0 ? "a parcel & more = 100%" : "permission_denied");
                free(body);
            }
            active_exchange_free(x);
        }
        active_exchange_free(asked);
    }
    active_client_free(client);
}

static void a_dead_token_heals_in_every_reading_of_the_envelope(void)
{
    static const char *const readings[] = {"body_200", "body_401", "meta_object", "meta_object_401", "meta_string", "meta_string_401"};
    size_t provider, i;
    for (provider = 0; provider < 2; provider++) {
        active_client *client = client_of(PROVIDERS[provider]);
        for (i = 0; i < sizeof readings / sizeof *readings; i++) {
            active_token *token = token_of(client, PROVIDERS[provider]);
            active_exchange *x = active_client_call(client, token, "GET", "/communities");
            char *stored = NULL;
            saves = 0;
            active_exchange_renew_by(x, "password", STAFF, 2);
            active_exchange_on_save(x, store, &stored);
            order("/reading", "{\"provider\": \"%s\", \"expired\": \"%s\"}", PROVIDERS[provider], readings[i]);
            order("/revoke", "{\"provider\": \"%s\", \"all\": true}", PROVIDERS[provider]);
            if (CHECK_DONE(x)) {
                char *body = body_of(x);
                CHECK_HOLDS(body, "140 Riverside");
                free(body);
            }
            CHECK_NUMBER(saves, 1);
            if (stored && active_exchange_token(x)) {
                active_token *restored = active_token_restore(stored);
                CHECK_TEXT(restored->access_token, active_exchange_token(x)->access_token);
                CHECK(strcmp(restored->access_token, token->access_token) != 0);
                active_token_free(restored);
            } else {
                CHECK(!"a token was stored");
            }
            free(stored);
            active_exchange_free(x);
            active_token_free(token);
        }
        active_client_free(client);
    }
}

static void a_second_refusal_is_an_error_and_no_loop(void)
{
    active_client *client = client_of("activebuilding");
    active_token *token = token_of(client, "activebuilding");
    active_exchange *x = active_client_call(client, token, "GET", "/communities");
    active_exchange_renew_by(x, "password", STAFF, 2);
    order("/fault", "{\"provider\": \"activebuilding\", \"path\": \"/communities\", \"fault\": {\"kind\": \"status\", \"status\": 200, "
                    "\"headers\": {\"Content-Type\": \"application/json\"}, "
                    "\"body\": \"{\\\"response\\\":{\\\"message\\\":\\\"invalid_grant\\\"},\\\"status\\\":\\\"failed\\\"}\"}}");
    CHECK_FAILS(x, ACTIVE_REFUSED, "with a new token");
    CHECK(active_exchange_token(x) != NULL);
    CHECK_NUMBER(counter("activebuilding", "requests"), 4);
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(client);
}

RUN_TESTS(TEST(the_password_grant_gives_a_token_and_the_user),
          TEST(a_nul_in_the_users_id_is_not_its_end),
          TEST(mybuilding_needs_a_base),
          TEST(special_characters_in_every_credential_arrive),
          TEST(each_documented_error_has_its_code_and_the_standard_one),
          TEST(communities_are_doubly_nested_and_packages_need_a_community),
          TEST(staff_may_add_a_package_and_residents_may_not),
          TEST(a_dead_token_heals_in_every_reading_of_the_envelope),
          TEST(a_second_refusal_is_an_error_and_no_loop))
