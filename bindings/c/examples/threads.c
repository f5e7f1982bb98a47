/* How do threads share what is costly?
 *
 * A handle is used by one thread at a time, so each thread has a client of its own; they all carry their requests with one agent, and so
 * share its trusted certificates and its open connections.
 *
 *     cc threads.c $(pkg-config --cflags --libs active) -pthread -o threads && ./threads
 */
#include <active.h>
#include <pthread.h>
#include <stdio.h>

#include "environment.h"

enum { THREADS = 4 };

static const char *const SCOPES[THREADS] = {"read:builders", "read:contacts", "read:insurances", "read:swms"};

/* A thread's own client, and how it ended. */
typedef struct {
    active_client *client;
    const char *scope;
    int failed;
} work;

static void *ask(void *context)
{
    work *mine = (work *)context;
    active_pair scope[1];
    active_exchange *x;
    scope[0].name = "scope";
    scope[0].value = mine->scope;
    x = active_client_token(mine->client, "client_credentials", scope, 1);
    mine->failed = active_exchange_run(x) != ACTIVE_DONE;
    if (mine->failed) fprintf(stderr, "%s: %s\n", mine->scope, active_exchange_error(x)->message);
    else printf("%s: a token until %lld\n", mine->scope, (long long)active_exchange_token(x)->expires_at_ms);
    active_exchange_free(x);
    return NULL;
}

int main(void)
{
    active_agent *agent = active_agent_new();
    const char *base = getenv("ACTIVE_BASE"), *ca = getenv("ACTIVE_CA");
    pthread_t threads[THREADS];
    work all[THREADS];
    int failures = 0, i;
    if (ca) active_agent_roots_file(agent, ca);
    for (i = 0; i < THREADS; i++) {
        all[i].client = active_client_new("buildpass", variable("ACTIVE_ID", "your_client_id"));
        all[i].scope = SCOPES[i];
        all[i].failed = 1;
        active_client_secret(all[i].client, variable("ACTIVE_SECRET", "your_client_secret"));
        if (base) active_client_base(all[i].client, base);
        active_client_agent(all[i].client, agent);
    }
    for (i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, ask, &all[i]) != 0) return 2;
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        failures += all[i].failed;
        active_client_free(all[i].client);
    }
    active_agent_free(agent);
    return failures;
}
