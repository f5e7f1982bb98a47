/* How does a user log in by the browser, and how is the token renewed later?
 *
 * Prints the URL to open, reads from its input where the browser was sent then, exchanges the code, renews the token and calls the API.
 *
 *     cc honeywell.c $(pkg-config --cflags --libs active) -o honeywell && ./honeywell
 */
#include <active.h>
#include <stdio.h>
#include <string.h>

#include "environment.h"

static int failed(const active_error *error)
{
    fprintf(stderr, "%s: %s\n", error->kind_name, error->message);
    return 1;
}

/* Runs an exchange that gives a token, and frees it. NULL where it failed. */
static active_token *token_of(active_exchange *x)
{
    active_token *token = NULL;
    if (active_exchange_run(x) == ACTIVE_DONE) token = active_token_copy(active_exchange_token(x));
    else failed(active_exchange_error(x));
    active_exchange_free(x);
    return token;
}

static active_token *log_in(const active_client *client)
{
    const char *redirect_uri = variable("ACTIVE_REDIRECT_URI", "http://localhost:8080/callback");
    active_login *login = active_client_authorize(client, redirect_uri, NULL, 0, 0, NULL);
    active_token *token = NULL;
    char callback[4096];
    if (active_login_error(login)) {
        failed(active_login_error(login));
    } else {
        printf("Open this URL:\n%s\nand paste the URL that the browser is sent to:\n", active_login_url(login));
        fflush(stdout);
        /* A web server would keep active_login_saved(login) in the user's session here, and restore it when the callback comes. */
        if (fgets(callback, sizeof callback, stdin)) {
            callback[strcspn(callback, "\r\n")] = 0;
            token = token_of(active_client_callback(client, login, callback));
        }
    }
    active_login_free(login);
    return token;
}

static int show_locations(const active_client *client, const active_token *token)
{
    active_exchange *x = active_client_call(client, token, "GET", "/v2/locations");
    int wrong = 0;
    if (active_exchange_run(x) == ACTIVE_DONE) {
        const active_answer *answer = active_exchange_answer(x);
        printf("HTTP %d %.*s\n", (int)answer->status, (int)answer->body_length, (const char *)answer->body);
    } else {
        wrong = failed(active_exchange_error(x));
    }
    active_exchange_free(x);
    return wrong;
}

int main(void)
{
    active_client *client = active_client_new("honeywell", variable("ACTIVE_ID", "123abc"));
    active_token *first, *renewed;
    int wrong = 1;
    active_client_secret(client, variable("ACTIVE_SECRET", "456def"));
    from_environment(client);

    first = log_in(client);
    if (first) {
        printf("The token is good for %d minutes.\n", (int)((first->expires_at_ms - first->received_at_ms) / 60000));
        /* The refresh token may change with each renewal: what counts from now on is the new token, store that one. */
        renewed = token_of(active_client_refresh(client, first));
        if (renewed) {
            printf("It was renewed.\n");
            wrong = show_locations(client, renewed);
        }
        active_token_free(renewed);
    }
    active_token_free(first);
    active_client_free(client);
    return wrong;
}
