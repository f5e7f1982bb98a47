/* What do the tests of sessions have in common? */
#ifndef SESSIONS_H
#define SESSIONS_H

#include "support.h"

#include <string.h>
#include <time.h>

static const active_pair SCOPE[] = {{"scope", "read:builders"}};

/* A session of BuildPass by client credentials. */
static inline active_session *session_with(active_client *client, const char *store)
{
    active_session *session = active_session_new(client, store);
    active_session_grant(session, "client_credentials", SCOPE, 1);
    return session;
}

static inline active_session *session_of_buildpass(void)
{
    active_client *client = client_of("buildpass");
    active_session *session = session_with(client, NULL);
    active_client_free(client);
    return session;
}

static inline void sleep_ms(long long milliseconds)
{
    struct timespec pause;
    pause.tv_sec = (time_t)(milliseconds / 1000);
    pause.tv_nsec = (long)(milliseconds % 1000) * 1000000;
    nanosleep(&pause, NULL);
}

/* The library's clock, that many milliseconds later. */
static inline active_now later(long long milliseconds)
{
    active_now now = active_clock();
    now.wall_ms += milliseconds;
    now.mono_ms += milliseconds;
    return now;
}

/* The loop that active_exchange_run is, written by the program, with its own clock; counts the steps of each kind. */
static inline active_step run_later(active_exchange *x, long long milliseconds, int steps[6])
{
    for (;;) {
        const active_now now = later(milliseconds);
        const active_step step = active_exchange_step(x, &now);
        if (steps) steps[step]++;
        switch (step) {
        case ACTIVE_SEND: active_exchange_carry(x); break;
        case ACTIVE_WAIT: sleep_ms(active_exchange_wait_ms(x)); break;
        case ACTIVE_STORE: active_exchange_store(x); break;
        case ACTIVE_SAVE: break;
        case ACTIVE_DONE:
        case ACTIVE_FAILED: return step;
        }
    }
}

/* The access token that a session gives; free it. */
static inline char *token_by(active_session *session)
{
    active_exchange *x = active_session_token(session);
    char *token = NULL;
    if (CHECK_DONE(x)) token = strdup(active_exchange_token(x)->access_token);
    active_exchange_free(x);
    return token ? token : strdup("");
}

#endif
