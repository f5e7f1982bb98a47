/* How does a program on a desktop log its user in by their browser (RFC 8252)? Pushed (RFC 9126), with PKCE, back to a port of this machine.
 *
 *     cc par_loopback.c $(pkg-config --cflags --libs active) -o par_loopback && ACTIVE_ISSUER=https://login.example ACTIVE_ID=app ./par_loopback
 */
#include "issuer.h"

/* The login, known to the server already; NULL where it took it not. */
static active_login *pushed(const active_client *client, const active_loopback *loopback)
{
    active_pair scope[1] = {{"scope", "openid"}};
    active_exchange *x = active_client_push(client, active_loopback_redirect_uri(loopback), scope, 1, 0, NULL);
    active_login *login = NULL;
    if (active_exchange_run(x) == ACTIVE_DONE) login = active_exchange_take_login(x);
    else failed(active_exchange_error(x));
    active_exchange_free(x);
    return login;
}

/* The token of the user who comes back within five minutes. */
static active_token *token_of_user(const active_client *client, active_loopback *loopback, active_login *login)
{
    active_loopback_only_for(loopback, login);
    active_exchange *x = active_loopback_callback(loopback, 5 * 60 * 1000);
    active_token *token = NULL;
    if (!active_open_browser(active_login_url(login))) printf("No browser could be started. Open it yourself:\n%s\n", active_login_url(login));
    fflush(stdout);
    if (active_exchange_run(x) == ACTIVE_DONE) token = token_of(active_client_callback(client, login, active_exchange_text(x)));
    else failed(active_exchange_error(x));
    active_exchange_free(x);
    return token;
}

int main(void)
{
    active_client *client = client_of_issuer();
    active_loopback *loopback = active_loopback_new(NULL, "the example");
    active_login *login = NULL;
    active_token *token = NULL;
    int wrong = 1;
    if (active_loopback_error(loopback)) failed(active_loopback_error(loopback));
    else if (client) login = pushed(client, loopback);
    if (login) token = token_of_user(client, loopback, login);
    /* The ID token that came was checked before the token was handed out. */
    if (token) wrong = show("Hello %s\n", active_client_id_token(client, token, NULL), "/sub");
    active_token_free(token);
    active_login_free(login);
    active_loopback_free(loopback);
    active_client_free(client);
    return wrong;
}
