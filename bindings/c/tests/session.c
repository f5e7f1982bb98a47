/* Does a session keep one good token for all threads? */
#define _POSIX_C_SOURCE 200809L
#include "sessions.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_token_is_asked_for_once_and_then_at_hand(void)
{
    active_session *session = session_of_buildpass();
    char header[2048], *first, *second;
    size_t length;
    CHECK(active_session_error(session) == NULL);
    CHECK_NUMBER(active_session_authorization(session, header, sizeof header), 0);
    first = token_by(session);
    second = token_by(session);
    CHECK_TEXT(second, first);
    length = active_session_authorization(session, header, sizeof header);
    CHECK_NUMBER(length, strlen("Bearer ") + strlen(first));
    CHECK(strncmp(header, "Bearer ", 7) == 0);
    CHECK_TEXT(header + 7, first);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 1);
    free(first);
    free(second);
    active_session_free(session);
}

static void a_buffer_that_is_too_small_is_left_alone_and_told_the_length(void)
{
    active_session *session = session_of_buildpass();
    char header[2048], *token = token_by(session);
    const size_t whole = strlen("Bearer ") + strlen(token);
    memset(header, 'x', sizeof header);
    CHECK_NUMBER(active_session_authorization(session, NULL, 0), whole);
    CHECK_NUMBER(active_session_authorization(session, NULL, sizeof header), whole);
    CHECK_NUMBER(active_session_authorization(session, header, 0), whole);
    CHECK_NUMBER(active_session_authorization(session, header, whole), whole);
    CHECK(header[0] == 'x');
    CHECK_NUMBER(active_session_authorization(session, header, whole + 1), whole);
    CHECK(header[whole] == 0 && header[whole + 1] == 'x');
    free(token);
    active_session_free(session);
}

enum { THREADS = 16 };

typedef struct {
    active_session *session;
    pthread_barrier_t *all_here;
    long long later_ms;
    bool call;
    bool good;
    char token[2048];
} caller;

static void *ask(void *context)
{
    caller *mine = (caller *)context;
    active_exchange *x;
    pthread_barrier_wait(mine->all_here);
    x = mine->call ? active_session_call(mine->session, "GET", "/v1/builders") : active_session_token(mine->session);
    mine->good = run_later(x, mine->later_ms, NULL) == ACTIVE_DONE;
    if (!mine->good) fprintf(stderr, "a thread: %s\n", active_exchange_error(x)->message);
    else if (mine->call) mine->good = active_exchange_answer(x)->status == 200;
    else snprintf(mine->token, sizeof mine->token, "%s", active_exchange_token(x)->access_token);
    active_exchange_free(x);
    return NULL;
}

/* All threads at once, with the clock that much later; they all get the same. */
static void ask_at_once(active_session *session, long long later_ms, bool call)
{
    static caller callers[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t all_here;
    int i;
    pthread_barrier_init(&all_here, NULL, THREADS);
    for (i = 0; i < THREADS; i++) {
        memset(&callers[i], 0, sizeof callers[i]);
        callers[i].session = session;
        callers[i].all_here = &all_here;
        callers[i].later_ms = later_ms;
        callers[i].call = call;
        if (pthread_create(&threads[i], NULL, ask, &callers[i]) != 0) abort();
    }
    for (i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (i = 0; i < THREADS; i++) {
        CHECK(callers[i].good);
        CHECK_TEXT(callers[i].token, callers[0].token);
    }
    pthread_barrier_destroy(&all_here);
}

static void sixteen_threads_make_one_token_request_at_each_expiry(void)
{
    active_session *session = session_of_buildpass();
    int expiry;
    for (expiry = 0; expiry < 5; expiry++) {
        ask_at_once(session, expiry * 3600000LL, false);
        CHECK_NUMBER(counter("buildpass", "token_requests"), expiry + 1);
    }
    CHECK_NUMBER(counter("buildpass", "refused"), 0);
    active_session_free(session);
}

static void sixteen_threads_whose_token_the_api_calls_dead_renew_it_once(void)
{
    active_session *session = session_of_buildpass();
    ask_at_once(session, 0, true);
    order("/revoke", "{\"provider\": \"buildpass\", \"all\": true}");
    ask_at_once(session, 0, true);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 2);
    active_session_free(session);
}

static void threads_share_a_failure_too_and_do_not_storm_the_provider(void)
{
    active_client *client = client_of("buildpass");
    active_session *session;
    active_exchange *x;
    active_client_secret(client, "wrong");
    session = session_with(client, NULL);
    x = active_session_token(session);
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_REFUSED, "invalid_client")->standard_code, "invalid_client");
    active_exchange_free(x);
    x = active_session_token(session);
    CHECK_FAILS(x, ACTIVE_REFUSED, "invalid_client");
    active_exchange_free(x);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 1);
    active_session_forget_refusals(session);
    x = active_session_token(session);
    CHECK_FAILS(x, ACTIVE_REFUSED, "invalid_client");
    active_exchange_free(x);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 2);
    active_session_free(session);
    active_client_free(client);
}

static const char REDIRECT[] = "https://app.example/callback";

/* Logs in by the browser at BuildPass, with its rotating refresh tokens. */
static active_token *log_in(active_client *client)
{
    active_login *login = active_client_authorize(client, REDIRECT, SCOPE, 1, 0, NULL);
    char *callback = browse(active_login_url(login));
    active_exchange *x = active_client_callback(client, login, callback);
    active_token *token = NULL;
    if (CHECK_DONE(x)) token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    active_login_free(login);
    free(callback);
    return token;
}

static void a_login_is_kept_and_its_rotating_refresh_token_used_once_at_each_expiry(void)
{
    active_client *client = client_of("buildpass");
    active_session *session = active_session_new(client, "memory:");
    active_token *token = log_in(client);
    active_exchange *x = active_session_token(session);
    int expiry;
    CHECK_FAILS(x, ACTIVE_EXPIRED, "log in");
    active_exchange_free(x);

    x = active_session_login(session, token);
    if (CHECK_DONE(x)) CHECK_TEXT(active_exchange_token(x)->access_token, token->access_token);
    active_exchange_free(x);
    CHECK(active_session_authorization(session, NULL, 0) == strlen(token->authorization));
    for (expiry = 1; expiry <= 5; expiry++) {
        order("/clock", "{\"advance_ms\": 3600000}");
        ask_at_once(session, expiry * 3600000LL, false);
        CHECK_NUMBER(counter("buildpass", "token_requests"), 1 + expiry); /* the code's own is the first */
    }
    CHECK_NUMBER(counter("buildpass", "refused"), 0);

    x = active_session_logout(session);
    if (CHECK_DONE(x)) CHECK(active_exchange_token(x) == NULL && active_exchange_answer(x) == NULL);
    active_exchange_free(x);
    CHECK_NUMBER(active_session_authorization(session, NULL, 0), 0);
    x = active_session_token(session);
    CHECK_FAILS(x, ACTIVE_EXPIRED, "log in");
    active_exchange_free(x);
    active_token_free(token);
    active_session_free(session);
    active_client_free(client);
}

static void a_token_of_another_provider_is_no_login(void)
{
    active_session *session = session_of_buildpass();
    active_client *honeywell = client_of("honeywell");
    active_token *token = token_of(honeywell, "honeywell");
    active_exchange *x = active_session_login(session, token);
    CHECK_FAILS(x, ACTIVE_USAGE, "honeywell");
    active_exchange_free(x);
    active_token_free(token);
    active_client_free(honeywell);
    active_session_free(session);
}

static void a_call_is_completed_as_a_clients_is(void)
{
    active_session *session = session_of_buildpass();
    active_exchange *x = active_session_call(session, "GET", "/v1/builders");
    active_exchange_query(x, "page", "1 & 2");
    active_exchange_header(x, "X-Trace", "seven");
    CHECK_NUMBER(run_later(x, 0, NULL), ACTIVE_DONE);
    if (active_exchange_answer(x)) CHECK_NUMBER(active_exchange_answer(x)->status, 200);
    active_exchange_query(x, "too", "late");
    CHECK_FAILS(x, ACTIVE_USAGE, "not stepped yet");
    active_exchange_free(x);

    x = active_session_call(session, "GET", "/v1/builders");
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
    CHECK_HOLDS(active_exchange_request(x)->url, "/v1/builders");
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND); /* the same again */
    active_exchange_free(x);

    x = active_session_call(session, "GET", "/v1/builders");
    active_exchange_renew_by(x, "client_credentials", SCOPE, 1);
    CHECK_FAILS(x, ACTIVE_USAGE, "active_session_grant");
    active_exchange_free(x);
    active_session_free(session);
}

/* A transport of the program's own: it answers by itself. */
static void a_transport_of_ones_own_carries_a_session_too(void)
{
    static const char body[] = "{\"access_token\":\"abcdef\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
    active_session *session = session_of_buildpass();
    active_exchange *x = active_session_call(session, "GET", "/v1/builders");
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
    CHECK_HOLDS(active_exchange_request(x)->url, "/oauth/token");
    active_exchange_receive(x, 200, NULL, 0, body, sizeof body - 1);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_SEND);
    CHECK_HOLDS(active_exchange_request(x)->url, "/v1/builders");
    active_exchange_receive(x, 200, NULL, 0, "[]", 2);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_DONE);
    active_exchange_free(x);
    CHECK_NUMBER(active_session_authorization(session, NULL, 0), strlen("Bearer abcdef"));
    CHECK_NUMBER(counter("buildpass", "requests"), 0);
    active_session_free(session);
}

/* A login is an errand, and an errand is given again until it is run. */
static void what_blocks_is_done_when_the_program_says_so(void)
{
    active_client *client = client_of("buildpass");
    active_session *session = session_with(client, NULL);
    active_token *token = token_of(client, "buildpass");
    active_exchange *x = active_session_login(session, token);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_STORE);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_STORE);
    CHECK_NUMBER(active_session_authorization(session, NULL, 0), 0);
    active_exchange_store(x);
    active_exchange_store(x); /* once is enough */
    CHECK_NUMBER(active_session_authorization(session, NULL, 0), strlen(token->authorization));
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_DONE);
    CHECK_FAILS(x, ACTIVE_USAGE, "ended");
    active_exchange_store(x); /* nothing to do is harmless */
    active_exchange_receive(x, 200, NULL, 0, "", 0);
    active_exchange_free(x);

    x = active_session_logout(session);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_STORE);
    active_exchange_receive(x, 200, NULL, 0, "", 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "receive");
    active_exchange_free(x);
    active_token_free(token);
    active_session_free(session);
    active_client_free(client);
}

typedef struct {
    int changes, errors;
    char last[2048];
    active_kind kind;
} heard;

static void changed(void *context, const active_token *token)
{
    heard *mine = (heard *)context;
    mine->changes++;
    snprintf(mine->last, sizeof mine->last, "%s", token->access_token);
}

static void failed(void *context, const active_error *error)
{
    heard *mine = (heard *)context;
    mine->errors++;
    mine->kind = error->kind;
}

static void changes_and_errors_are_told(void)
{
    active_session *session = session_of_buildpass();
    active_exchange *x;
    heard mine;
    char *token;
    memset(&mine, 0, sizeof mine);
    active_session_on_change(session, changed, &mine);
    active_session_on_error(session, failed, &mine);
    token = token_by(session);
    free(token_by(session));
    CHECK_NUMBER(mine.changes, 1);
    CHECK_TEXT(mine.last, token);
    free(token);

    /* Within the margin the token is still good: the failure is told to the hook alone. */
    order("/fault", "{\"provider\": \"buildpass\", \"path\": \"/oauth/token\", \"fault\": {\"kind\": \"status\", \"status\": 503}}");
    x = active_session_token(session);
    CHECK_NUMBER(run_later(x, 3600000 - 30000, NULL), ACTIVE_DONE);
    active_exchange_free(x);
    CHECK_NUMBER(mine.errors, 1);
    CHECK_NUMBER(mine.kind, ACTIVE_REFUSED);
    CHECK_NUMBER(mine.changes, 1);
    active_session_free(session);
}

static void the_margin_says_when_a_token_is_renewed(void)
{
    static const struct { int64_t margin; long long at; int requests; } cases[] = {
        {0, 3600000 - 35000, 1}, {0, 3600000 + 1000, 2}, {600000, 3600000 - 640000, 1}, {600000, 3600000 - 590000, 2}, {INT64_MAX, 1700000, 1}, {INT64_MAX, 1900000, 2},
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        active_session *session = session_of_buildpass();
        active_exchange *x;
        order("/reset", "{}");
        active_session_margin_ms(session, cases[i].margin);
        free(token_by(session));
        x = active_session_token(session);
        CHECK_NUMBER(run_later(x, cases[i].at, NULL), ACTIVE_DONE);
        active_exchange_free(x);
        CHECK_NUMBER(counter("buildpass", "token_requests"), cases[i].requests);
        active_session_free(session);
    }
}

static void exchanges_keep_their_session_alive(void)
{
    active_session *session = session_of_buildpass();
    active_exchange *token = active_session_token(session), *call = active_session_call(session, "GET", "/v1/builders");
    active_exchange *waiting = active_session_token(session), *given_up = active_session_token(session);
    CHECK_NUMBER(active_exchange_step(given_up, NULL), ACTIVE_SEND);
    CHECK_NUMBER(active_exchange_step(waiting, NULL), ACTIVE_WAIT); /* for the one that leads */
    CHECK(active_exchange_wait_ms(waiting) > 0);
    active_exchange_free(given_up); /* and another leads */
    active_session_free(session);
    CHECK_DONE(token);
    CHECK_DONE(call);
    CHECK_DONE(waiting);
    CHECK_NUMBER(counter("buildpass", "token_requests"), 1);
    active_exchange_free(token);
    active_exchange_free(call);
    active_exchange_free(waiting);
}

static void a_waiting_exchange_can_be_cancelled(void)
{
    active_session *session = session_of_buildpass();
    active_exchange *leading = active_session_token(session), *waiting = active_session_token(session);
    CHECK_NUMBER(active_exchange_step(leading, NULL), ACTIVE_SEND);
    active_exchange_cancel(waiting);
    CHECK_TEXT(CHECK_FAILS(waiting, ACTIVE_NO_ANSWER, "cancelled")->code, "cancelled");
    active_exchange_free(waiting);
    active_exchange_carry(leading);
    CHECK_NUMBER(active_exchange_step(leading, NULL), ACTIVE_DONE);
    active_exchange_free(leading);
    active_session_free(session);
}

static void a_store_keeps_the_token_under_the_name_that_the_session_tells(void)
{
    active_client *client = client_of("buildpass");
    active_session *session = active_session_new(client, NULL), *same = session_with(client, NULL), *other = session_with(client, NULL), *nowhere;
    char name[65];
    active_session_grant(session, "client_credentials", SCOPE, 1);
    active_session_user(other, "jo");
    snprintf(name, sizeof name, "%s", active_session_key(session));
    CHECK_NUMBER(strlen(active_session_key(session)), 64);
    CHECK_NUMBER(strspn(name, "0123456789abcdef"), 64);
    CHECK_TEXT(active_session_key(same), name);
    CHECK(strcmp(active_session_key(other), name) != 0);
    active_session_free(session);
    active_session_free(same);
    active_session_free(other);
    nowhere = active_session_new(client, "no store");
    CHECK(active_session_key(nowhere) == NULL);
    active_session_free(nowhere);
    active_client_free(client);
}

static void a_deadline_must_be_one(void)
{
    active_client *client = client_of("buildpass");
    active_session *session = session_with(client, NULL), *none = session_with(client, NULL);
    char *token;
    active_session_deadline_ms(session, 5000 * slowness());
    token = token_by(session);
    CHECK(*token);
    free(token);
    active_session_free(session);
    active_session_deadline_ms(none, 0);
    CHECK_HOLDS(active_session_error(none)->message, "deadline: must be more than 0 milliseconds");
    active_session_free(none);
    active_client_free(client);
}

RUN_TESTS(TEST(a_token_is_asked_for_once_and_then_at_hand),
          TEST(a_buffer_that_is_too_small_is_left_alone_and_told_the_length),
          TEST(sixteen_threads_make_one_token_request_at_each_expiry),
          TEST(sixteen_threads_whose_token_the_api_calls_dead_renew_it_once),
          TEST(threads_share_a_failure_too_and_do_not_storm_the_provider),
          TEST(a_login_is_kept_and_its_rotating_refresh_token_used_once_at_each_expiry),
          TEST(a_token_of_another_provider_is_no_login),
          TEST(a_call_is_completed_as_a_clients_is),
          TEST(a_transport_of_ones_own_carries_a_session_too),
          TEST(what_blocks_is_done_when_the_program_says_so),
          TEST(changes_and_errors_are_told),
          TEST(the_margin_says_when_a_token_is_renewed),
          TEST(a_store_keeps_the_token_under_the_name_that_the_session_tells),
          TEST(a_deadline_must_be_one),
          TEST(exchanges_keep_their_session_alive),
          TEST(a_waiting_exchange_can_be_cancelled))
