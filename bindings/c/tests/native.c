/* Does a login in the browser come back to a program on the user's own machine, and to nobody else?
 *
 * Sources: RFC 8252 §7.3, §8.3. The browser is a socket here. */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int port_of(const active_loopback *loopback)
{
    const char *at = strrchr(active_loopback_redirect_uri(loopback), ':');
    return at ? atoi(at + 1) : 0;
}

/* A browser that has asked for that target. */
static int browser(int port, const char *method, const char *target)
{
    struct sockaddr_in address;
    char head[512];
    int handle = socket(AF_INET, SOCK_STREAM, 0), length;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)port);
    if (connect(handle, (struct sockaddr *)&address, sizeof address) != 0) {
        close(handle);
        return -1;
    }
    length = snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", method, target, port);
    CHECK_NUMBER(write(handle, head, (size_t)length), length);
    return handle;
}

/* What the browser was shown. */
static const char *shown(int handle, char *page, size_t size)
{
    size_t length = 0;
    ssize_t came;
    while ((came = read(handle, page + length, size - 1 - length)) > 0) length += (size_t)came;
    page[length] = 0;
    close(handle);
    return page;
}

/* Steps until it ends, or has looked that often. */
static active_step looked(active_exchange *x, int times)
{
    static const struct timespec moment = {0, 5000000};
    active_step step = ACTIVE_WAIT;
    while (times-- && step == ACTIVE_WAIT) {
        nanosleep(&moment, NULL);
        step = active_exchange_step(x, NULL);
    }
    return step;
}

static void the_browser_comes_back_once(void)
{
    active_loopback *loopback = active_loopback_new(NULL, "C <app>");
    active_exchange *x = active_loopback_callback(loopback, 60000), *again;
    char page[2048], wanted[128];
    int port = port_of(loopback), noise, user;
    CHECK(active_loopback_error(loopback) == NULL);
    snprintf(wanted, sizeof wanted, "http://127.0.0.1:%d/callback", port);
    CHECK_TEXT(active_loopback_redirect_uri(loopback), wanted);
    CHECK_NUMBER(active_exchange_step(x, NULL), ACTIVE_WAIT);
    CHECK_NUMBER(active_exchange_wait_ms(x), 20);
    CHECK(active_exchange_text(x) == NULL);
    /* Whoever else is on this machine. */
    noise = browser(port, "GET", "/favicon.ico");
    CHECK_NUMBER(looked(x, 20), ACTIVE_WAIT);
    CHECK_HOLDS(shown(noise, page, sizeof page), "HTTP/1.1 404 ");
    noise = browser(port, "POST", "/callback?code=x");
    CHECK_NUMBER(looked(x, 20), ACTIVE_WAIT);
    CHECK_HOLDS(shown(noise, page, sizeof page), "HTTP/1.1 405 ");
    user = browser(port, "GET", "/callback?code=abc&state=d%20e");
    CHECK_NUMBER(looked(x, 200), ACTIVE_DONE);
    snprintf(wanted, sizeof wanted, "http://127.0.0.1:%d/callback?code=abc&state=d%%20e", port);
    CHECK_TEXT(active_exchange_text(x), wanted);
    CHECK_HOLDS(shown(user, page, sizeof page), "return to C &lt;app&gt;.");
    CHECK(strstr(page, "abc") == NULL);
    CHECK_NUMBER(browser(port, "GET", "/callback?code=x"), -1); /* nobody listens any more, whoever holds what */
    again = active_loopback_callback(loopback, 60000);
    CHECK_FAILS(again, ACTIVE_USAGE, "waited on already");
    active_exchange_free(again);
    active_exchange_free(x);
    active_loopback_free(loopback);
}

/* RFC 6749 section 10.12: a page that sends the browser there does not end the wait. */
static void another_state_does_not_end_the_wait(void)
{
    active_client *client = active_client_new("buildpass", "id");
    active_loopback *loopback = active_loopback_new(NULL, NULL);
    active_login *login = active_client_authorize(client, active_loopback_redirect_uri(loopback), NULL, 0, 0, NULL);
    active_exchange *x;
    char state[128] = "", target[256], page[2048];
    const char *at = strstr(active_login_url(login), "state=");
    int port = port_of(loopback), stranger, user;
    CHECK(at != NULL);
    if (at) snprintf(state, sizeof state, "%.*s", (int) strcspn(at + 6, "&"), at + 6);
    active_loopback_only_for(loopback, login);
    active_login_free(login); /* the loopback keeps what it needs */
    x = active_loopback_callback(loopback, 60000);
    stranger = browser(port, "GET", "/callback?code=stolen&state=guessed");
    CHECK_NUMBER(looked(x, 20), ACTIVE_WAIT);
    CHECK_HOLDS(shown(stranger, page, sizeof page), "HTTP/1.1 404 ");
    snprintf(target, sizeof target, "/callback?code=abc&state=%s", state);
    user = browser(port, "GET", target);
    CHECK_NUMBER(looked(x, 200), ACTIVE_DONE);
    CHECK_HOLDS(active_exchange_text(x), state);
    CHECK_HOLDS(shown(user, page, sizeof page), "HTTP/1.1 200 ");
    active_exchange_free(x);
    active_loopback_free(loopback);
    loopback = active_loopback_new(NULL, NULL);
    login = active_login_restore("no login");
    active_loopback_only_for(loopback, login);
    active_loopback_only_for(NULL, login);
    x = active_loopback_callback(loopback, 60000);
    CHECK_FAILS(x, ACTIVE_USAGE, "saved login");
    active_exchange_free(x);
    active_login_free(login);
    active_loopback_free(loopback);
    loopback = active_loopback_new(NULL, NULL);
    active_loopback_only_for(loopback, NULL);
    x = active_loopback_callback(loopback, 60000);
    CHECK_FAILS(x, ACTIVE_USAGE, "login: is NULL");
    active_exchange_free(x);
    active_loopback_free(loopback);
    active_client_free(client);
}

static void a_user_who_does_not_come_back_is_not_waited_for_for_ever(void)
{
    active_loopback *loopback = active_loopback_new("/cb", NULL);
    active_exchange *x = active_loopback_callback(loopback, 50);
    const active_error *error;
    CHECK_HOLDS(active_loopback_redirect_uri(loopback), "/cb");
    active_loopback_free(loopback); /* the exchange keeps what it needs */
    error = CHECK_FAILS(x, ACTIVE_EXPIRED, "nobody came back from the browser within 50 ms");
    CHECK(!error->transient);
    active_exchange_free(x);
    loopback = active_loopback_new(NULL, NULL);
    x = active_loopback_callback(loopback, 0);
    CHECK_FAILS(x, ACTIVE_USAGE, "deadline: must be more than 0 milliseconds");
    active_exchange_free(x);
    active_loopback_free(loopback);
}

static void waiting_for_the_browser_is_cancelled_like_all_else(void)
{
    active_loopback *loopback = active_loopback_new(NULL, NULL);
    active_exchange *x = active_loopback_callback(loopback, 60000);
    active_exchange_cancel(x);
    CHECK_TEXT(CHECK_FAILS(x, ACTIVE_NO_ANSWER, "")->code, "cancelled");
    active_exchange_free(x);
    active_loopback_free(loopback);
}

static void what_is_no_path_is_told(void)
{
    static const char *const wrongs[] = {"callback", "/a?b", "/a b", ""};
    size_t i;
    for (i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        active_loopback *loopback = active_loopback_new(wrongs[i], NULL);
        active_exchange *x = active_loopback_callback(loopback, 1000);
        CHECK(active_loopback_error(loopback) != NULL);
        if (active_loopback_error(loopback)) CHECK_HOLDS(active_loopback_error(loopback)->message, "path");
        CHECK_TEXT(active_loopback_redirect_uri(loopback), "");
        CHECK_FAILS(x, ACTIVE_USAGE, "path");
        active_exchange_free(x);
        active_loopback_free(loopback);
    }
}

static void cve_2025_6514_no_browser_is_given_what_is_no_web_address(void)
{
    CHECK(!active_open_browser("file:///etc/passwd"));
    CHECK(!active_open_browser("javascript:alert(1)"));
    CHECK(!active_open_browser("http://login.example/authorize"));
    CHECK(!active_open_browser("https://login.example/$(touch x)"));
    CHECK(!active_open_browser(""));
}

RUN_TESTS(TEST(the_browser_comes_back_once),
          TEST(another_state_does_not_end_the_wait),
          TEST(a_user_who_does_not_come_back_is_not_waited_for_for_ever),
          TEST(waiting_for_the_browser_is_cancelled_like_all_else),
          TEST(what_is_no_path_is_told),
          TEST(cve_2025_6514_no_browser_is_given_what_is_no_web_address))
