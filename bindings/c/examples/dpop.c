/* How are tokens made worthless to a thief (RFC 9449)? Every request proves that this program has the key that they are bound to.
 *
 *     cc dpop.c $(pkg-config --cflags --libs active) -o dpop && ACTIVE_KEY_FILE=key.pem ACTIVE_ISSUER=… ACTIVE_ID=… ACTIVE_SECRET=… ./dpop
 */
#define _POSIX_C_SOURCE 200809L
#include "issuer.h"
#include "key_file.h"

/* The key lives as long as its tokens: it is made once, and kept where this program alone reads it. */
static active_key *key_of_file(const char *path)
{
    char pem[4096];
    active_key *key;
    if (read_text(path, pem, sizeof pem)) return active_key_from_pem("ES256", pem, strlen(pem), NULL);
    key = active_key_generate("ES256", NULL);
    if (!active_key_error(key) && !keep_secret(path, active_key_pem(key))) {
        perror(path);
        exit(1);
    }
    return key;
}

int main(void)
{
    const char *path = getenv("ACTIVE_KEY_FILE");
    active_key *key = key_of_file(path ? path : "dpop_key.pem");
    active_client *client = client_of_issuer();
    active_token *token = NULL;
    int wrong = 1;
    if (client) {
        active_client_dpop(client, key);
        active_client_dpop_required(client);
        token = token_of(active_client_token(client, "client_credentials", NULL, 0));
    }
    if (token) {
        printf("A %s token for the key %s\n", token->token_type, active_key_thumbprint(key));
        wrong = show("and the server says the same: %s\n", active_client_introspect(client, token), "/cnf/jkt");
    }
    active_token_free(token);
    active_client_free(client);
    active_key_free(key);
    return wrong;
}
