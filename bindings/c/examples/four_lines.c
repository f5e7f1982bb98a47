/* How does one get a token?
 *
 *     cc four_lines.c $(pkg-config --cflags --libs active) && ./a.out
 */
#include <active.h>
#include <stdio.h>

int main(void)
{
    const active_pair params[] = {{"scope", "read:builders"}};
    const size_t count = 1;

    active_client *client = active_client_new("buildpass", "id");
    active_client_secret(client, "secret");
    active_exchange *x = active_client_token(client, "client_credentials", params, count);
    if (active_exchange_run(x) == ACTIVE_DONE) puts(active_exchange_token(x)->access_token);
    else fprintf(stderr, "%s\n", active_exchange_error(x)->message);

    const int failed = active_exchange_error(x) != NULL;
    active_exchange_free(x);
    active_client_free(client);
    return failed;
}
