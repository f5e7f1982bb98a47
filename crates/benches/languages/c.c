/* What does it cost from C? `c OPERATION N work|prepare`; see count. */
#include <active.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const active_now NOW = {1700000000000, 0};
static const active_pair JSON = {"content-type", "application/json"};
static char body[2048];

static void must(int held, const char *what)
{
    if (held) return;
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* One whole exchange; now NULL is the library's clock. */
static void run(active_exchange *x, const active_now *now)
{
    const active_token *token;
    must(active_exchange_step(x, now) == ACTIVE_SEND, "no request");
    must(active_exchange_request(x)->body_length > 0, "no body");
    active_exchange_receive(x, 200, &JSON, 1, body, strlen(body));
    must(active_exchange_step(x, now) == ACTIVE_DONE, "no end");
    token = active_exchange_token(x);
    must(token && strlen(token->access_token) == 887, "no token");
    active_exchange_free(x);
}

int main(int argc, char **argv)
{
    active_client *client = active_client_new("honeywell", "9UY8NrmDtIh8GVTkNdX0Y7I6k37254a9");
    active_session *session;
    char value[1024];
    long n, i;
    must(argc == 4, "c OPERATION N work|prepare");
    n = strcmp(argv[3], "work") == 0 ? atol(argv[2]) : 0;
    must(fread(body, 1, sizeof body - 1, stdin) > 900, "no answer on the standard input");
    active_client_secret(client, "Z1947381rwgf0WkPPGPHnGik6h3LdhZ9");
    session = active_session_new(client, NULL);
    active_session_grant(session, "client_credentials", NULL, 0);
    run(active_session_token(session), NULL);
    for (i = 0; i < n; i++) {
        if (strcmp(argv[1], "x_bp") == 0) run(active_client_token(client, "client_credentials", NULL, 0), &NOW);
        else must(active_session_authorization(session, value, sizeof value) == 894, "no header");
    }
    active_session_free(session);
    active_client_free(client);
    return 0;
}
