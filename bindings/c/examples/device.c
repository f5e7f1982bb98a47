/* How does a user log in on a device without a browser (RFC 8628)?
 *
 *     cc device.c $(pkg-config --cflags --libs active) -o device && ACTIVE_ISSUER=https://login.example ACTIVE_ID=tv ./device
 */
#include "issuer.h"

int main(void)
{
    active_pair scope[1] = {{"scope", "openid"}};
    active_client *client = client_of_issuer();
    active_exchange *x;
    active_device *device;
    active_token *token;
    int wrong = 1;
    if (!client) return 1;

    x = active_client_device(client, scope, 1);
    if (active_exchange_run(x) != ACTIVE_DONE) {
        failed(active_exchange_error(x));
        active_exchange_free(x);
        active_client_free(client);
        return 1;
    }
    device = active_device_copy(active_exchange_device(x));
    active_exchange_free(x);
    printf("Open %s and enter %s\n", device->verification_uri, device->user_code);
    fflush(stdout);

    /* At the server's pace, until the user has agreed. active_device_saved(device) would let another process go on with it. */
    token = token_of(active_client_poll(client, device));
    if (token) wrong = show("Hello %s\n", active_client_userinfo(client, token), "/sub");
    active_token_free(token);
    active_device_free(device);
    active_client_free(client);
    return wrong;
}
