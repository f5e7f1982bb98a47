/* How does one call an API with a token that may die at any time?
 *
 * "Access tokens may expire at any time" (ActiveBuilding API guide), and ActiveBuilding gives no refresh token: the same password is asked
 * with again. This program logs in once and keeps the token in a file. When it is run again, the token in the file may be dead: the call
 * notices, asks for a new one, has it stored, and is repeated, all in one active_exchange_run.
 *
 *     cc activebuilding.c $(pkg-config --cflags --libs active) -o activebuilding
 *     ./activebuilding token.txt
 */
#include <active.h>
#include <stdio.h>

#include "environment.h"

/* Stores a token where the next run finds it; anything but 0 says that it could not be stored. */
static int store(void *context, const active_token *token)
{
    FILE *file = fopen((const char *)context, "w");
    int failed = !file || fprintf(file, "%s\n", active_token_saved(token)) < 0;
    if (file && fclose(file) != 0) failed = 1;
    if (!failed) printf("(a new token was stored)\n");
    return failed;
}

/* The token of the last run; NULL where there was none. */
static active_token *stored(const char *path)
{
    char saved[16384];
    FILE *file = fopen(path, "r");
    active_token *token = NULL;
    if (!file) return NULL;
    if (fgets(saved, sizeof saved, file)) token = active_token_restore(saved);
    fclose(file);
    return token;
}

static int failed(active_exchange *x)
{
    const active_error *error = active_exchange_error(x);
    fprintf(stderr, "%s: %s\n", error->kind_name, error->message);
    active_exchange_free(x);
    return 1;
}

/* Prints what the API says to a GET, and renews the token on the way if it has died. */
static int show(const active_client *client, const active_token *token, const char *target, const active_pair *login, char *path)
{
    active_exchange *x = active_client_call(client, token, "GET", target);
    const active_answer *answer;
    active_exchange_query(x, "communityId", "10");
    active_exchange_renew_by(x, "password", login, 2);
    active_exchange_on_save(x, store, path);
    if (active_exchange_run(x) != ACTIVE_DONE) return failed(x);
    answer = active_exchange_answer(x);
    printf("%s: HTTP %d %.*s\n", target, (int)answer->status, (int)answer->body_length, (const char *)answer->body);
    active_exchange_free(x);
    return 0;
}

/* Logs in, and keeps the token. NULL where that failed. */
static active_token *log_in(const active_client *client, const active_pair *login, char *path)
{
    active_exchange *x = active_client_token(client, "password", login, 2);
    const active_user *user;
    active_token *token;
    if (active_exchange_run(x) != ACTIVE_DONE) {
        failed(x);
        return NULL;
    }
    token = active_token_copy(active_exchange_token(x)); /* outlives the exchange */
    active_exchange_free(x);
    user = active_token_user(token);
    if (user) printf("logged in as %s, %s\n", user->fullname, user->user_type);
    if (store(path, token) != 0) fprintf(stderr, "%s cannot be written: the next run will log in again\n", path);
    return token;
}

int main(int count, char **arguments)
{
    char *path = count > 1 ? arguments[1] : arguments[0];
    active_pair login[2] = {{"username", variable("ACTIVE_USERNAME", "testuser@building.com")},
                            {"password", variable("ACTIVE_PASSWORD", "mypassword")}};
    active_client *client = active_client_new("activebuilding", variable("ACTIVE_ID", "f3834ee69fab4d26a01f0c1fceb0f08a"));
    active_token *token;
    int failures = 1;
    if (count != 2) {
        fprintf(stderr, "usage: %s FILE-FOR-THE-TOKEN\n", arguments[0]);
        active_client_free(client);
        return 2;
    }
    active_client_secret(client, variable("ACTIVE_SECRET", "d938522c5058468fb8d9e6c0a987319e"));
    from_environment(client);

    token = stored(path);
    if (!token) token = log_in(client, login, path);
    if (token) failures = show(client, token, "/communities", login, path) + show(client, token, "/packages", login, path);

    active_token_free(token);
    active_client_free(client);
    return failures;
}
