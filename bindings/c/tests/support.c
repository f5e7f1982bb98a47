/* How do the tests check, and how do they reach the sandbox? */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static json_t *line;
static int failures_of_test;

int run_tests(const test *tests, size_t count)
{
    const char *only = getenv("ONLY");
    json_error_t why;
    size_t i;
    int failed = 0;
    const char *text = getenv("SANDBOX");
    line = text ? json_loads(text, 0, &why) : NULL;
    if (!line) {
        fprintf(stderr, "SANDBOX must hold the line that active-sandbox prints\n");
        return 2;
    }
    for (i = 0; i < count; i++) {
        if (only && !strstr(tests[i].name, only)) continue;
        failures_of_test = 0;
        order("/reset", "{}");
        tests[i].run();
        printf("%s %s\n", failures_of_test ? "FAILED" : "ok", tests[i].name);
        fflush(stdout);
        failed += failures_of_test != 0;
    }
    json_decref(line);
    return failed != 0;
}

void wrong(const char *file, int number, const char *format, ...)
{
    va_list rest;
    failures_of_test++;
    printf("  %s:%d: ", file, number);
    va_start(rest, format);
    vprintf(format, rest);
    va_end(rest);
    printf("\n");
}

void check_text(const char *file, int number, const char *what, const char *came, const char *expected)
{
    if (!came || !expected ? came != expected : strcmp(came, expected) != 0) {
        wrong(file, number, "%s: expected %s, came %s", what, expected ? expected : "NULL", came ? came : "NULL");
    }
}

void check_holds(const char *file, int number, const char *what, const char *came, const char *part)
{
    if (!came || !strstr(came, part)) wrong(file, number, "%s: expected ...%s..., came %s", what, part, came ? came : "NULL");
}

void check_number(const char *file, int number, const char *what, long long came, long long expected)
{
    if (came != expected) wrong(file, number, "%s: expected %lld, came %lld", what, expected, came);
}

bool check_done(const char *file, int number, active_exchange *x)
{
    if (active_exchange_run(x) == ACTIVE_DONE) return true;
    wrong(file, number, "failed: %s", active_exchange_error(x) ? active_exchange_error(x)->message : "without an error");
    return false;
}

const active_error *check_fails(const char *file, int number, active_exchange *x, active_kind kind, const char *part)
{
    /* So that a test which goes wrong says so and does not crash. */
    static const active_error nothing = {(active_kind)0, "", "", "", "", "", "", 0, false, false, false, 0, NULL, 0};
    const active_error *error;
    if (active_exchange_run(x) != ACTIVE_FAILED) {
        wrong(file, number, "it did not fail");
        return &nothing;
    }
    error = active_exchange_error(x);
    if (!error) {
        wrong(file, number, "it failed without an error");
        return &nothing;
    }
    if (error->kind != kind) wrong(file, number, "expected kind %d, came %s: %s", (int)kind, error->kind_name, error->message);
    check_holds(file, number, "message", error->message, part);
    return error;
}

int slowness(void)
{
    const char *text = getenv("SLOWNESS");
    int factor = text ? atoi(text) : 1;
    return factor > 0 ? factor : 1;
}

long long milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *sandbox(const char *path, ...)
{
    char whole[256];
    char *word, *rest = whole;
    json_t *member = line;
    va_list names;
    va_start(names, path);
    vsnprintf(whole, sizeof whole, path, names);
    va_end(names);
    while ((word = strtok_r(rest, ".", &rest)) != NULL) member = json_object_get(member, word);
    if (!json_is_string(member)) {
        fprintf(stderr, "the sandbox's line has no %s\n", path);
        exit(2);
    }
    return json_string_value(member);
}

/* A connection to the control address, which is plain HTTP on 127.0.0.1. */
static FILE *connect_control(void)
{
    struct sockaddr_in address;
    const char *port = strrchr(sandbox("control"), ':') + 1;
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)atoi(port));
    if (handle < 0 || connect(handle, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("the sandbox's control address");
        exit(2);
    }
    return fdopen(handle, "r+");
}

json_t *ask_sandbox(const char *method, const char *path, const char *body)
{
    FILE *control = connect_control();
    char header[4096];
    json_t *answer;
    json_error_t why;
    /* HTTP/1.0: the answer ends with the connection, and is not chunked. */
    fprintf(control, "%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %lu\r\n\r\n%s", method,
            path, (unsigned long)strlen(body), body);
    fflush(control);
    while (fgets(header, sizeof header, control) && strcmp(header, "\r\n") != 0) {}
    answer = json_loadf(control, JSON_DISABLE_EOF_CHECK, &why);
    fclose(control);
    if (!answer || json_object_get(answer, "error")) {
        fprintf(stderr, "%s %s %s: %s\n", method, path, body, answer ? json_string_value(json_object_get(answer, "error")) : why.text);
        exit(2);
    }
    return answer;
}

void order(const char *path, const char *format, ...)
{
    char body[8192];
    va_list rest;
    va_start(rest, format);
    vsnprintf(body, sizeof body, format, rest);
    va_end(rest);
    json_decref(ask_sandbox("POST", path, body));
}

long long counter(const char *origin, const char *name)
{
    json_t *counters = ask_sandbox("GET", "/counters", "");
    json_t *value = json_object_get(json_object_get(counters, origin), name);
    long long count = json_is_integer(value) ? json_integer_value(value) : -1;
    json_decref(counters);
    return count;
}

char *browse(const char *url)
{
    json_t *asked = json_pack("{s:s}", "url", url);
    char *body = json_dumps(asked, 0);
    json_t *answer = ask_sandbox("POST", "/login", body);
    const char *location = json_string_value(json_object_get(answer, "location"));
    char *copy = strdup(location ? location : "");
    free(body);
    json_decref(asked);
    json_decref(answer);
    return copy;
}

active_agent *sandbox_agent(void)
{
    active_agent *agent = active_agent_new();
    active_agent_roots_file(agent, sandbox("ca"));
    /* A machine under valgrind needs longer for a handshake than the default gives it. */
    active_agent_connect_timeout_ms(agent, 10000 * slowness());
    active_agent_deadline_ms(agent, 30000 * slowness());
    return agent;
}

static active_client *client_with(const char *provider, const char *base, const char *id, const char *secret)
{
    active_client *client = active_client_new(provider, id);
    active_agent *agent = sandbox_agent();
    active_client_secret(client, secret);
    active_client_base(client, base);
    active_client_agent(client, agent);
    active_agent_free(agent);
    return client;
}

active_client *client_at(const char *provider, const char *base)
{
    return client_with(provider, base, sandbox("credentials.%s.client_id", provider),
                       sandbox("credentials.%s.client_secret", provider));
}

active_client *special_client_of(const char *provider)
{
    return client_with(provider, sandbox("providers.%s", provider), sandbox("credentials.%s.special.client_id", provider),
                       sandbox("credentials.%s.special.client_secret", provider));
}

active_client *client_of(const char *provider) { return client_at(provider, sandbox("providers.%s", provider)); }

active_exchange *asking(active_client *client, const char *provider)
{
    static const active_pair staff[] = {{"username", "testuser@building.com"}, {"password", "mypassword"}};
    static const active_pair scope[] = {{"scope", "read:builders"}};
    if (strstr(provider, "building")) return active_client_token(client, "password", staff, 2);
    return active_client_token(client, "client_credentials", scope, strcmp(provider, "buildpass") == 0);
}

active_token *token_of(active_client *client, const char *provider)
{
    active_exchange *x = asking(client, provider);
    active_token *token = NULL;
    if (CHECK_DONE(x)) token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    return token;
}

char *text_of(const void *bytes, size_t length)
{
    char *text = (char *)calloc(length + 1, 1);
    if (text && length) memcpy(text, bytes, length);
    return text;
}
