/* What do the tests of libactive have in common?
 *
 * A test is a function whose name says what holds. CHECK prints what does not hold, and the test goes on to its end, so that it frees what
 * it made. The sandbox is the real program, over real TLS: `run` starts it and names it in the environment.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <active.h>
#include <jansson.h>
#include <stdbool.h>

typedef struct {
    const char *name;
    void (*run)(void);
} test;

#define TEST(function) {#function, function}

/* Runs all, each with a sandbox as it was at its start; prints "ok NAME" or "FAILED NAME" for each. For main to return. */
int run_tests(const test *tests, size_t count);
#define RUN_TESTS(...) \
    int main(void) { static const test tests[] = {__VA_ARGS__}; return run_tests(tests, sizeof tests / sizeof *tests); }

/* Ends the current test as failed; says where and why. */
void wrong(const char *file, int line, const char *format, ...);

#define CHECK(holds) ((holds) ? (void)0 : wrong(__FILE__, __LINE__, "%s", #holds))
#define CHECK_TEXT(came, expected) check_text(__FILE__, __LINE__, #came, came, expected)
#define CHECK_HOLDS(came, part) check_holds(__FILE__, __LINE__, #came, came, part)
#define CHECK_NUMBER(came, expected) check_number(__FILE__, __LINE__, #came, (long long)(came), (long long)(expected))
/* Runs an exchange to ACTIVE_DONE. */
#define CHECK_DONE(x) check_done(__FILE__, __LINE__, x)
/* Runs an exchange to a failure of that kind whose message holds that text, and gives the error. */
#define CHECK_FAILS(x, kind, part) check_fails(__FILE__, __LINE__, x, kind, part)

void check_text(const char *file, int line, const char *what, const char *came, const char *expected);
void check_holds(const char *file, int line, const char *what, const char *came, const char *part);
void check_number(const char *file, int line, const char *what, long long came, long long expected);
bool check_done(const char *file, int line, active_exchange *x);
const active_error *check_fails(const char *file, int line, active_exchange *x, active_kind kind, const char *part);

/* How many times slower this run may be than a plain one (valgrind); 1 unless SLOWNESS says otherwise. */
int slowness(void);
/* Milliseconds of a clock that never runs backwards. */
long long milliseconds(void);

/* A text of the sandbox's line, by its path: sandbox("providers.%s", "buildpass"). It lives as long as the program. */
const char *sandbox(const char *path, ...);
/* Tells the sandbox something: order("POST", "/clock", "{\"advance_ms\": 1000}"). The answer is yours to json_decref. */
json_t *ask_sandbox(const char *method, const char *path, const char *body);
/* The same, where nobody cares for the answer but that it is not an error. */
void order(const char *path, const char *format, ...);
/* A counter of an origin: counter("buildpass", "requests"). */
long long counter(const char *origin, const char *name);
/* Opens an authorization URL as a browser would. Where it was sent; free it. */
char *browse(const char *url);

/* A client of a provider as the sandbox knows it, which trusts the sandbox's authority. */
active_client *client_of(const char *provider);
/* The same with an id and a secret full of special characters. */
active_client *special_client_of(const char *provider);
/* A client of that provider at another origin of the sandbox ("expired", …) or at any URL. */
active_client *client_at(const char *provider, const char *base);
/* An agent that trusts the sandbox's authority. */
active_agent *sandbox_agent(void);
/* A token by the plainest grant that the provider knows. Free it. */
active_token *token_of(active_client *client, const char *provider);
/* An exchange that asks for such a token. Free it. */
active_exchange *asking(active_client *client, const char *provider);

/* A body as text, for printing and searching; free it. */
char *text_of(const void *bytes, size_t length);

#endif
