/* How does a program that knows nothing but an API's URL get from its 401 to a call that succeeds, as the Model Context Protocol has it (RFC 9728, RFC 8414,
 * RFC 7591)?
 *
 *     cc from_a_401.c $(pkg-config --cflags --libs active libcurl) -o from_a_401 && ACTIVE_API=https://tools.example/mcp ./from_a_401
 */
#define _POSIX_C_SOURCE 200809L
#include <curl/curl.h>
#include <string.h>

#include "issuer.h"

static const char REDIRECT_URI[] = "https://client.example/callback";

/* Takes in the one header that counts. */
static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    char *into = (char *)context;
    size_t length = size * count;
    static const char name[] = "www-authenticate:";
    if (length < 2048 && length > sizeof name && curl_strnequal(line, name, sizeof name - 1)) {
        memcpy(into, line + sizeof name - 1, length - sizeof name + 1);
        into[length - sizeof name + 1] = 0;
        into[strcspn(into, "\r\n")] = 0;
    }
    return length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes, (void)context;
    return size * count;
}

/* What the API says to somebody without a token, by whatever library the program has. */
static long refused(const char *url, char *www_authenticate)
{
    CURL *curl = curl_easy_init();
    long status = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    if (getenv("ACTIVE_CA")) curl_easy_setopt(curl, CURLOPT_CAINFO, getenv("ACTIVE_CA"));
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, www_authenticate);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    if (curl_easy_perform(curl) == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    return status;
}

/* The way from the refusal to a client; NULL and the reason where there is none. */
static active_exchange *admitted(const char *url, const char *www_authenticate)
{
    active_pair headers[1] = {{"WWW-Authenticate", NULL}};
    active_agent *agent = agent_of_environment();
    active_access *access = active_access_new(url);
    active_exchange *x;
    headers[0].value = www_authenticate;
    active_access_register(access, "{\"redirect_uris\": [\"https://client.example/callback\"], \"client_name\": \"Example\"}");
    x = active_access_after(access, headers, 1, agent);
    if (active_exchange_run(x) != ACTIVE_DONE) {
        failed(active_exchange_error(x));
        active_exchange_free(x);
        x = NULL;
    }
    active_access_free(access);
    active_agent_free(agent);
    return x;
}

static active_token *log_in(const active_client *client, const active_admission *admission)
{
    active_login *login = active_client_authorize(client, REDIRECT_URI, admission->parameters, admission->parameter_count, 0, NULL);
    active_token *token = NULL;
    char callback[4096];
    if (active_login_error(login)) {
        failed(active_login_error(login));
    } else {
        printf("Log in at %s\nand paste the URL that you come back to:\n", active_login_url(login));
        fflush(stdout);
        if (fgets(callback, sizeof callback, stdin)) {
            callback[strcspn(callback, "\r\n")] = 0;
            token = token_of(active_client_callback(client, login, callback));
        }
    }
    active_login_free(login);
    return token;
}

int main(void)
{
    const char *url = getenv("ACTIVE_API");
    char www_authenticate[2048] = "";
    active_exchange *x = NULL, *call;
    active_client *client;
    active_token *token;
    int wrong = 1;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (url && refused(url, www_authenticate) == 401) x = admitted(url, www_authenticate);
    if (!x) return 1;
    client = active_exchange_take_client(x);
    printf("Keep the registration of %s for the next start, or there will be another one.\n", active_exchange_admission(x)->client_id);
    token = log_in(client, active_exchange_admission(x));
    if (token) {
        call = active_client_call(client, token, "GET", url);
        if (active_exchange_run(call) == ACTIVE_DONE) {
            printf("HTTP %d\n", (int)active_exchange_answer(call)->status);
            wrong = active_exchange_answer(call)->status != 200;
        } else {
            failed(active_exchange_error(call));
        }
        active_exchange_free(call);
    }
    active_token_free(token);
    active_client_free(client);
    active_exchange_free(x);
    curl_global_cleanup();
    return wrong;
}
