/* How does a service get a token for the next one, in exchange for the one that came with a request (RFC 8693)?
 *
 *     cc token_exchange.c $(pkg-config --cflags --libs active) -o token_exchange && ACTIVE_SUBJECT_TOKEN=… ACTIVE_ISSUER=… ACTIVE_ID=… ACTIVE_SECRET=… ./token_exchange
 */
#include "issuer.h"

int main(void)
{
    active_client *client = client_of_issuer();
    active_pair asked[3] = {{"subject_token", NULL}, {"subject_token_type", "access_token"}, {"scope", "read"}};
    active_token *token = NULL;
    asked[0].value = getenv("ACTIVE_SUBJECT_TOKEN");
    if (client) token = token_of(active_client_token(client, "urn:ietf:params:oauth:grant-type:token-exchange", asked, 3));
    if (token) printf("%s with the scope %s\n", active_token_field(token, "/issued_token_type"), token->scope);
    active_token_free(token);
    active_client_free(client);
    return token ? 0 : 1;
}
