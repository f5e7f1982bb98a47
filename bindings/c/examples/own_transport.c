/* How does a program carry the requests by its own means?
 *
 * The library says what to send, libcurl sends it, the library says what the answer means. Nothing of this is hidden by
 * active_exchange_run: it is the same loop.
 *
 *     cc own_transport.c $(pkg-config --cflags --libs active libcurl) -o own_transport && ./own_transport
 */
#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include <active.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "environment.h"

enum { MAX_HEADERS = 64, MAX_BODY = 1024 * 1024 };

/* An answer as libcurl hands it over, piece by piece. */
typedef struct {
    active_pair headers[MAX_HEADERS];
    size_t header_count;
    char *body;
    size_t body_length;
} answer;

static char *copy(const char *text, size_t length)
{
    char *whole = (char *)malloc(length + 1);
    if (!whole) return NULL;
    memcpy(whole, text, length);
    whole[length] = 0;
    return whole;
}

static size_t on_header(char *line, size_t one, size_t length, void *context)
{
    answer *into = (answer *)context;
    char *colon = (char *)memchr(line, ':', length);
    size_t end = length;
    char *name, *value;
    (void)one;
    if (!colon || into->header_count == MAX_HEADERS) return length; /* the status line, the last line, or far too many */
    while (end && (line[end - 1] == '\r' || line[end - 1] == '\n')) end--;
    name = copy(line, (size_t)(colon - line));
    for (colon++; colon < line + end && *colon == ' '; colon++) {}
    value = copy(colon, (size_t)(line + end - colon));
    into->headers[into->header_count].name = name;
    into->headers[into->header_count].value = value;
    into->header_count++;
    return name && value ? length : 0;
}

/* Whatever a server sends, no more than MAX_BODY is kept: returning less than came makes libcurl stop. */
static size_t on_body(char *bytes, size_t one, size_t length, void *context)
{
    answer *into = (answer *)context;
    char *larger;
    (void)one;
    if (into->body_length + length > MAX_BODY) return 0;
    larger = (char *)realloc(into->body, into->body_length + length + 1);
    if (!larger) return 0;
    into->body = larger;
    memcpy(larger + into->body_length, bytes, length);
    into->body_length += length;
    return length;
}

static void clear(answer *old)
{
    size_t i;
    for (i = 0; i < old->header_count; i++) {
        free((char *)old->headers[i].name);
        free((char *)old->headers[i].value);
    }
    free(old->body);
    memset(old, 0, sizeof *old);
}

/* What the library needs to know of a failure: why, and whether the request may have arrived. */
static void report(active_exchange *x, CURL *curl, CURLcode why)
{
    long sent = 0;
    const char *cause = "other";
    switch ((int)why) {
    case CURLE_OPERATION_TIMEDOUT: cause = "timeout"; break;
    case CURLE_COULDNT_RESOLVE_HOST: cause = "name"; break;
    case CURLE_COULDNT_CONNECT: cause = "connect"; break;
    case CURLE_SSL_CONNECT_ERROR: cause = "tls"; break;
    case CURLE_PEER_FAILED_VERIFICATION: cause = "certificate"; break;
    case CURLE_WRITE_ERROR: cause = "too_large"; break;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE: cause = "cut"; break;
    }
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
    active_exchange_no_answer(x, sent > 0, cause, curl_easy_strerror(why));
}

/* Carries the request of the last ACTIVE_SEND, and hands in what came of it. */
static void carry(active_exchange *x, CURL *curl)
{
    const active_request *request = active_exchange_request(x);
    struct curl_slist *headers = NULL;
    answer came;
    char line[8192];
    long status = 0;
    CURLcode done;
    size_t i;
    memset(&came, 0, sizeof came);
    for (i = 0; i < request->header_count; i++) {
        snprintf(line, sizeof line, "%s: %s", request->headers[i].name, request->headers[i].value);
        headers = curl_slist_append(headers, line);
    }
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (request->body_length) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    }
    /* What a transport owes: https only, no redirect followed, an end in finite time, a bound to the answer. */
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    if (getenv("ACTIVE_CA")) curl_easy_setopt(curl, CURLOPT_CAINFO, getenv("ACTIVE_CA"));
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &came);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &came);
    done = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (done == CURLE_OK) active_exchange_receive(x, (int)status, came.headers, came.header_count, came.body, came.body_length);
    else report(x, curl, done);
    curl_slist_free_all(headers);
    clear(&came);
}

static void wait_ms(int64_t milliseconds)
{
    struct timespec pause;
    pause.tv_sec = (time_t)(milliseconds / 1000);
    pause.tv_nsec = (long)(milliseconds % 1000) * 1000000L;
    nanosleep(&pause, NULL);
}

int main(void)
{
    active_pair scope[1] = {{"scope", "read:builders"}};
    active_client *client = active_client_new("buildpass", variable("ACTIVE_ID", "your_client_id"));
    CURL *curl;
    active_exchange *x;
    active_step step;
    active_client_secret(client, variable("ACTIVE_SECRET", "your_client_secret"));
    from_environment(client);

    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl = curl_easy_init();
    x = active_client_token(client, "client_credentials", scope, 1);
    while ((step = active_exchange_step(x, NULL)) != ACTIVE_DONE && step != ACTIVE_FAILED) {
        if (step == ACTIVE_SEND) carry(x, curl);
        if (step == ACTIVE_WAIT) wait_ms(active_exchange_wait_ms(x));
        if (step == ACTIVE_SAVE) printf("store this: %s\n", active_token_saved(active_exchange_token(x)));
    }
    if (step == ACTIVE_DONE) printf("a token for %s\n", active_exchange_token(x)->scope);
    else fprintf(stderr, "%s\n", active_exchange_error(x)->message);

    active_exchange_free(x);
    active_client_free(client);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    return step == ACTIVE_DONE ? 0 : 1;
}
