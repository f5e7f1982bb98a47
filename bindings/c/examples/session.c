/* How do threads, and programs, share one token?
 *
 * By a session. Every thread asks it for the Authorization header; the first that finds the token over renews it, and the others wait and
 * get the same. With a store that others have too ("file:/var/lib/shop?key_file=/etc/shop/key", "redis://cache:6379") all processes and machines share it so.
 *
 *     cc session.c $(pkg-config --cflags --libs active) -pthread -o session && ./session [STORE]
 */
#include <active.h>
#include <pthread.h>
#include <stdio.h>

#include "environment.h"

enum { THREADS = 4 };

/* A good header, from the token at hand or by way of the provider. */
static int authorize(active_session *session, char *header, size_t size)
{
    active_exchange *x;
    size_t length = active_session_authorization(session, header, size);
    if (length > 0 && length < size) return 1;
    x = active_session_token(session);
    if (active_exchange_run(x) == ACTIVE_DONE) length = (size_t)snprintf(header, size, "%s", active_exchange_token(x)->authorization);
    else fprintf(stderr, "%s\n", active_exchange_error(x)->message);
    active_exchange_free(x);
    return length > 0 && length < size;
}

static void *work(void *context)
{
    static char done;
    active_session *session = (active_session *)context;
    char header[4096];
    active_exchange *x;
    int i;
    /* For another HTTP library: put `header` into its requests. */
    for (i = 0; i < 1000; i++) {
        if (!authorize(session, header, sizeof header)) return NULL;
    }
    /* Or let the session call: it renews a token that the API calls dead. */
    x = active_session_call(session, "GET", "/v1/builders");
    if (active_exchange_run(x) == ACTIVE_DONE) printf("builders: HTTP %d\n", active_exchange_answer(x)->status);
    else fprintf(stderr, "%s\n", active_exchange_error(x)->message);
    active_exchange_free(x);
    return &done;
}

int main(int count, char **arguments)
{
    const active_pair scope[] = {{"scope", "read:builders"}};
    const char *base = getenv("ACTIVE_BASE"), *ca = getenv("ACTIVE_CA");
    active_client *client = active_client_new("buildpass", variable("ACTIVE_ID", "your_client_id"));
    active_agent *agent = active_agent_new();
    active_session *session;
    pthread_t threads[THREADS];
    int failures = 0, i;
    if (ca) active_agent_roots_file(agent, ca);
    active_client_secret(client, variable("ACTIVE_SECRET", "your_client_secret"));
    if (base) active_client_base(client, base);
    active_client_agent(client, agent);
    active_agent_free(agent);

    session = active_session_new(client, count > 1 ? arguments[1] : NULL);
    active_session_grant(session, "client_credentials", scope, 1);
    active_client_free(client);
    for (i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, session) != 0) return 2;
    }
    for (i = 0; i < THREADS; i++) {
        void *done = NULL;
        pthread_join(threads[i], &done);
        failures += done == NULL;
    }
    active_session_free(session);
    return failures;
}
