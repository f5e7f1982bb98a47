/* How does a client prove who it is by a key, so that no secret is ever sent (RFC 7523)?
 *
 *     cc private_key_jwt.c $(pkg-config --cflags --libs active) -o private_key_jwt && ACTIVE_KEY_FILE=key.pem ACTIVE_KEY_ID=… ACTIVE_ISSUER=… ACTIVE_ID=… ./private_key_jwt
 */
#define _POSIX_C_SOURCE 200809L
#include "issuer.h"
#include "key_file.h"

int main(void)
{
    /* For one API, so that the token is good nowhere else (RFC 8707). */
    active_pair asked[2] = {{"resource", "https://api.example/opaque"}, {"scope", "read"}};
    char pem[8192];
    active_client *client;
    active_key *key;
    active_token *token = NULL;
    int wrong = 1;
    if (!getenv("ACTIVE_KEY_FILE") || !read_text(getenv("ACTIVE_KEY_FILE"), pem, sizeof pem)) {
        fprintf(stderr, "ACTIVE_KEY_FILE must name the client's private key, in PEM\n");
        return 1;
    }
    /* A key in an HSM signs as well: active_key_from_signer. */
    key = active_key_from_pem("ES256", pem, strlen(pem), getenv("ACTIVE_KEY_ID"));
    client = client_of_issuer();
    if (client) {
        active_client_auth(client, "private_key_jwt");
        active_client_key(client, key);
        token = token_of(active_client_token(client, "client_credentials", asked, 2));
    }
    if (token) wrong = show("A token for %s\n", active_client_introspect(client, token), "/aud");
    active_token_free(token);
    active_client_free(client);
    active_key_free(key);
    return wrong;
}
