/* Does it end, whatever the server does, and does everything stay where it belongs? */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* A client of BuildPass whose requests end within this time (longer under valgrind), and take answers up to this size. */
static active_client *bounded(const char *base, long long deadline_ms, size_t max_body)
{
    active_client *client = client_at("buildpass", base);
    active_agent *agent = sandbox_agent();
    active_agent_deadline_ms(agent, deadline_ms * slowness());
    if (max_body) active_agent_max_body(agent, max_body);
    active_client_agent(client, agent);
    active_agent_free(agent);
    return client;
}

static void fault(const char *text) { order("/fault", "{\"provider\": \"buildpass\", \"fault\": %s}", text); }

/* A token request at the sandbox's BuildPass, which has no answer for that cause, within the deadline of 600 ms. */
static void has_no_answer(const char *cause, bool may_have_been_sent)
{
    active_client *client = bounded(sandbox("providers.buildpass"), 600, 0);
    active_exchange *x = asking(client, "buildpass");
    long long begun = milliseconds();
    const active_error *error = CHECK_FAILS(x, ACTIVE_NO_ANSWER, "localhost");
    CHECK(milliseconds() - begun < 1500 * slowness());
    CHECK_TEXT(error->kind_name, "no_answer");
    CHECK_TEXT(error->code, cause);
    CHECK_NUMBER(error->may_have_been_sent, may_have_been_sent);
    CHECK_NUMBER(error->status, 0);
    CHECK(error->transient);
    CHECK(!error->ambiguous);
    active_exchange_free(x);
    active_client_free(client);
}

static void a_hanging_server_ends_at_the_deadline(void)
{
    fault("{\"kind\": \"hang\"}");
    has_no_answer("timeout", false);
}

static void a_half_open_server_ends_at_the_deadline(void)
{
    fault("{\"kind\": \"half_open\"}");
    has_no_answer("timeout", true);
}

static void a_dripping_body_ends_at_the_deadline(void)
{
    fault("{\"kind\": \"drip\", \"bytes\": 1, \"every_ms\": 200}");
    has_no_answer("timeout", true);
}

static void dripping_headers_end_at_the_deadline(void)
{
    fault("{\"kind\": \"slow_headers\", \"bytes\": 1, \"every_ms\": 200}");
    has_no_answer("timeout", true);
}

static void a_truncated_answer_is_cut(void)
{
    fault("{\"kind\": \"cut\", \"after\": 40}");
    has_no_answer("cut", true);
}

static void a_server_that_closes_or_resets_is_cut(void)
{
    fault("{\"kind\": \"close\"}");
    has_no_answer("cut", true);
    order("/reset", "{}");
    fault("{\"kind\": \"reset\"}");
    has_no_answer("cut", true);
}

static void what_is_not_tls_is_refused(void)
{
    fault("{\"kind\": \"garbage_tls\"}");
    has_no_answer("tls", false);
}

static void what_is_not_http_is_refused(void)
{
    fault("{\"kind\": \"raw\", \"body\": \"SSH-2.0-OpenSSH_9.2\\r\\n\\r\\n\"}");
    has_no_answer("protocol", true);
}

static void a_page_for_people_is_garbled(void)
{
    active_client *client = bounded(sandbox("providers.buildpass"), 20000, 0);
    active_exchange *x = asking(client, "buildpass");
    fault("{\"kind\": \"status\", \"status\": 200, \"headers\": {\"Content-Type\": \"text/html\"}, "
          "\"body\": \"<html><body>Welcome to the hotel, please <a href='/'>sign in</a></body></html>\"}");
    CHECK_NUMBER(CHECK_FAILS(x, ACTIVE_GARBLED, "HTTP 200")->status, 200);
    active_exchange_free(x);
    active_client_free(client);
}

static void nobody_listening_is_told_as_such(void)
{
    active_client *client = bounded("https://localhost:1", 2000, 0);
    active_exchange *x = asking(client, "buildpass");
    const active_error *error = CHECK_FAILS(x, ACTIVE_NO_ANSWER, "localhost");
    CHECK_TEXT(error->code, "connect");
    CHECK(!error->may_have_been_sent);
    active_exchange_free(x);
    active_client_free(client);
    client = bounded("https://no-such-host.invalid", 5000, 0);
    x = asking(client, "buildpass");
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_NO_ANSWER, "no-such-host.invalid")->code, "name");
    active_exchange_free(x);
    active_client_free(client);
}

/* 200 MB, plain and as 200 KB of gzip: neither may be held in memory. */
static void an_endless_answer_is_cut_off_and_memory_stays_bounded(void)
{
    static const char *const endless[] = {"{\"kind\": \"endless\"}", "{\"kind\": \"endless\", \"gzip\": true}"};
    size_t i;
    for (i = 0; i < 2; i++) {
        active_client *client = bounded(sandbox("providers.buildpass"), 20000, 0);
        active_exchange *x = asking(client, "buildpass");
        struct rusage before, after;
        order("/reset", "{}");
        fault(endless[i]);
        getrusage(RUSAGE_SELF, &before);
        CHECK_TEXT(CHECK_FAILS(x, ACTIVE_NO_ANSWER, "larger than 1048576 bytes")->code, "too_large");
        getrusage(RUSAGE_SELF, &after);
        /* Kilobytes. Under valgrind and ASan the checker's own memory counts too. */
        if (!getenv("CHECKED")) CHECK(after.ru_maxrss - before.ru_maxrss < 8 * 1024);
        active_exchange_free(x);
        active_client_free(client);
    }
}

static void the_bound_of_an_answer_is_the_programs_to_set(void)
{
    active_client *client = bounded(sandbox("providers.buildpass"), 20000, 100);
    active_exchange *x = asking(client, "buildpass");
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_NO_ANSWER, "larger than 100 bytes")->code, "too_large");
    active_exchange_free(x);
    active_client_free(client);
}

/* A redirect of a token request would hand the secret to whoever is named there. */
static void no_redirect_is_followed(void)
{
    static const int statuses[] = {301, 302, 303, 307, 308};
    size_t i;
    for (i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        active_client *client = client_of("buildpass");
        active_exchange *x;
        active_token *token;
        order("/reset", "{}");
        token = token_of(client, "buildpass");
        order("/fault", "{\"provider\": \"buildpass\", \"fault\": {\"kind\": \"status\", \"status\": %d, \"headers\": {\"Location\": \"%s/oauth/token\"}}}",
              statuses[i], sandbox("providers.honeywell"));
        x = asking(client, "buildpass");
        CHECK_NUMBER(CHECK_FAILS(x, ACTIVE_GARBLED, "never followed")->status, statuses[i]);
        active_exchange_free(x);
        /* An API's redirect is the program's to look at; the token stays here. */
        x = active_client_call(client, token, "GET", "/v1/builders");
        if (CHECK_DONE(x)) CHECK_NUMBER(active_exchange_answer(x)->status, statuses[i]);
        active_exchange_free(x);
        CHECK_NUMBER(counter("honeywell", "connections"), 0);
        CHECK_NUMBER(counter("honeywell", "requests"), 0);
        active_token_free(token);
        active_client_free(client);
    }
}

static void a_bad_certificate_stops_everything(void)
{
    static const char *const bad[] = {"expired", "wrong_host", "untrusted"};
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        active_client *client = client_at("buildpass", sandbox("bad.%s", bad[i]));
        active_exchange *x = asking(client, "buildpass");
        const active_error *error = CHECK_FAILS(x, ACTIVE_UNTRUSTED, "certificate");
        CHECK(!error->transient);
        CHECK_NUMBER(counter(bad[i], "requests"), 0);
        active_exchange_free(x);
        active_client_free(client);
    }
}

static void only_the_given_authority_is_trusted(void)
{
    active_client *client = client_of("buildpass");
    active_agent *bundled = active_agent_new();
    active_exchange *x;
    active_agent_connect_timeout_ms(bundled, 10000 * slowness());
    active_client_agent(client, bundled);
    x = asking(client, "buildpass");
    CHECK_FAILS(x, ACTIVE_UNTRUSTED, "certificate");
    active_exchange_free(x);
    /* NULL is the default agent, which trusts the bundled ones too. */
    active_client_agent(client, NULL);
    x = asking(client, "buildpass");
    CHECK_FAILS(x, ACTIVE_UNTRUSTED, "certificate");
    active_exchange_free(x);
    active_agent_free(bundled);
    active_client_free(client);
    CHECK_NUMBER(counter("buildpass", "requests"), 0);
}

/* The answer to a renewal is lost after the server has served it: sending it again could revoke everything (RFC 9700 §4.14.2). */
static void a_lost_renewal_is_ambiguous_and_never_repeated(void)
{
    active_client *client = client_of("buildpass");
    const active_pair scope[] = {{"scope", "read:builders"}};
    active_login *login = active_client_authorize(client, "https://app.example/callback", scope, 1, 0, NULL);
    char *callback = browse(active_login_url(login));
    active_exchange *first = active_client_callback(client, login, callback), *x;
    if (CHECK_DONE(first)) {
        const active_error *error;
        fault("{\"kind\": \"close\", \"served\": true}");
        x = active_client_refresh(client, active_exchange_token(first));
        error = CHECK_FAILS(x, ACTIVE_NO_ANSWER, "");
        CHECK(error->ambiguous);
        CHECK(error->may_have_been_sent);
        CHECK(!error->transient);
        CHECK_NUMBER(counter("buildpass", "token_requests"), 2);
        active_exchange_free(x);
    }
    active_exchange_free(first);
    active_login_free(login);
    free(callback);
    active_client_free(client);
}

static void a_busy_server_says_when_to_come_again(void)
{
    active_client *client = client_of("buildpass");
    active_exchange *x = asking(client, "buildpass");
    const active_error *error;
    fault("{\"kind\": \"status\", \"status\": 429, \"headers\": {\"Retry-After\": \"7\"}}");
    error = CHECK_FAILS(x, ACTIVE_REFUSED, "429");
    CHECK_NUMBER(error->retry_after_ms, 7000);
    CHECK(error->transient);
    active_exchange_free(x);
    active_client_free(client);
}

static void *cancel_soon(void *exchange)
{
    struct timespec pause = {0, 150 * 1000 * 1000};
    nanosleep(&pause, NULL);
    active_exchange_cancel((const active_exchange *)exchange);
    return NULL;
}

static void another_thread_ends_a_run(void)
{
    active_client *client = bounded(sandbox("providers.buildpass"), 20000, 0);
    active_exchange *x = asking(client, "buildpass");
    const active_error *error;
    pthread_t thread;
    long long begun = milliseconds();
    fault("{\"kind\": \"half_open\"}");
    CHECK(pthread_create(&thread, NULL, cancel_soon, x) == 0);
    error = CHECK_FAILS(x, ACTIVE_NO_ANSWER, "cancelled");
    CHECK_TEXT(error->code, "cancelled");
    CHECK(!error->transient);
    CHECK(milliseconds() - begun < 1000 * slowness());
    pthread_join(thread, NULL);
    active_exchange_free(x);

    /* Cancelled before it began: nothing is sent. */
    order("/reset", "{}");
    x = asking(client, "buildpass");
    active_exchange_cancel(x);
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_NO_ANSWER, "cancelled")->code, "cancelled");
    CHECK_NUMBER(counter("buildpass", "requests"), 0);
    active_exchange_free(x);
    active_client_free(client);
}

/* Stops when it was asked so often as it says. */
static int asked_so_often(void *context)
{
    int *left = (int *)context;
    return (*left)-- <= 0;
}

static void whoever_is_asked_meanwhile_ends_a_run(void)
{
    active_client *client = bounded(sandbox("providers.buildpass"), 20000, 0);
    active_exchange *x = asking(client, "buildpass");
    long long begun = milliseconds();
    int left = 3;
    fault("{\"kind\": \"half_open\"}");
    active_exchange_on_wait(x, asked_so_often, &left);
    active_exchange_on_wait(x, NULL, NULL); /* changes nothing */
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_NO_ANSWER, "cancelled")->code, "cancelled");
    CHECK(left < 0);
    CHECK(milliseconds() - begun < 2000 * slowness());
    active_exchange_free(x);
    /* Who wants nothing stopped is not noticed. */
    order("/reset", "{}");
    left = 1000000;
    x = asking(client, "buildpass");
    active_exchange_on_wait(x, asked_so_often, &left);
    CHECK_DONE(x);
    active_exchange_free(x);
    active_client_free(client);
}

RUN_TESTS(TEST(a_hanging_server_ends_at_the_deadline),
          TEST(a_half_open_server_ends_at_the_deadline),
          TEST(a_dripping_body_ends_at_the_deadline),
          TEST(dripping_headers_end_at_the_deadline),
          TEST(a_truncated_answer_is_cut),
          TEST(a_server_that_closes_or_resets_is_cut),
          TEST(what_is_not_tls_is_refused),
          TEST(what_is_not_http_is_refused),
          TEST(a_page_for_people_is_garbled),
          TEST(nobody_listening_is_told_as_such),
          TEST(an_endless_answer_is_cut_off_and_memory_stays_bounded),
          TEST(the_bound_of_an_answer_is_the_programs_to_set),
          TEST(no_redirect_is_followed),
          TEST(a_bad_certificate_stops_everything),
          TEST(only_the_given_authority_is_trusted),
          TEST(a_lost_renewal_is_ambiguous_and_never_repeated),
          TEST(a_busy_server_says_when_to_come_again),
          TEST(another_thread_ends_a_run),
          TEST(whoever_is_asked_meanwhile_ends_a_run))
