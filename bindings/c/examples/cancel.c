/* How does Ctrl-C end a request that is under way?
 *
 * active_exchange_cancel is the one function that another thread, or a signal handler, may call while an exchange runs.
 *
 *     cc cancel.c $(pkg-config --cflags --libs active) -o cancel && ./cancel
 */
#include <active.h>
#include <signal.h>
#include <stdio.h>

#include "environment.h"

static active_exchange *volatile running;

static void on_ctrl_c(int signal)
{
    (void)signal;
    active_exchange_cancel(running);
}

int main(void)
{
    active_pair scope[1] = {{"scope", "read:builders"}};
    active_client *client = active_client_new("buildpass", variable("ACTIVE_ID", "your_client_id"));
    active_step end;
    active_client_secret(client, variable("ACTIVE_SECRET", "your_client_secret"));
    from_environment(client);

    running = active_client_token(client, "client_credentials", scope, 1);
    signal(SIGINT, on_ctrl_c);
    printf("asking for a token, Ctrl-C to give up\n");
    fflush(stdout);
    end = active_exchange_run(running);
    signal(SIGINT, SIG_DFL); /* before the handle is freed */
    printf("%s\n", end == ACTIVE_DONE ? "there it is" : active_exchange_error(running)->message);

    active_exchange_free(running);
    active_client_free(client);
    return end == ACTIVE_DONE ? 0 : 1;
}
