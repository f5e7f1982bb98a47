/* How does C play the client's part in the dialogues?
 *
 * One JSON line on stdin becomes calls of active.h and one JSON line on stdout. All judging is the referee's (crates/dialogues): this
 * program holds a client, a login of each kind, a token and an exchange, and says what came. It ends with its input.
 */
#include <active.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "driver_cast.h"
#include "driver_client.h"
#include "driver_known.h"

static active_client *client;
static active_login *login;
static active_device *device;
static active_backchannel *backchannel;
static active_token *token;
static active_exchange *exchange;
static active_session *session;
/* Everything a careless program could print: error texts, and the members of a token that are no secrets. */
static json_t *shown;

/* The answer of a command that has written its own. */
#define PRINTED json_null()

static json_t *ok(void) { return json_pack("{s:b}", "ok", 1); }
static json_t *driver_error(const char *why) { return json_pack("{s:s}", "driver_error", why); }

static void show(const char *printed)
{
    if (printed) json_array_append_new(shown, json_string(printed));
}

static json_t *failed(const active_error *error)
{
    if (!error) return driver_error("the library gave no error");
    show(error->message);
    show(error->kind_name);
    show(error->code);
    show(error->standard_code);
    show(error->description);
    show(error->error_uri);
    return json_pack("{s:o}", "error", cast_error(error));
}

/* Each of these takes the place of what was there before. */
#define REPLACES(kind) \
    static void replace_##kind(active_##kind *next) \
    { \
        active_##kind##_free(kind); \
        kind = next; \
    }

REPLACES(exchange)
REPLACES(login)
REPLACES(token)
REPLACES(device)
REPLACES(backchannel)
REPLACES(session)

static void keep(const active_token *lent)
{
    replace_token(active_token_copy(lent));
    show(lent->token_type);
    show(lent->scope);
    show(lent->requested_scope);
    show(lent->provider);
    show(lent->deviations);
}

static void start_over(void)
{
    replace_session(NULL);
    replace_exchange(NULL);
    replace_login(NULL);
    replace_device(NULL);
    replace_backchannel(NULL);
    replace_token(NULL);
    active_client_free(client);
    client = NULL;
    json_array_clear(shown);
}

static json_t *do_client(const json_t *command)
{
    start_over();
    client = client_of(command);
    return ok();
}

static json_t *do_token(const json_t *command)
{
    size_t count;
    active_pair *parameters = pairs(json_object_get(command, "parameters"), &count);
    replace_exchange(active_client_token(client, text(command, "grant"), parameters, count));
    free(parameters);
    return ok();
}

typedef active_exchange *with_token(const active_client *, const active_token *);

static json_t *begin_with_token(with_token *one)
{
    replace_exchange(one(client, token));
    return ok();
}

static json_t *do_refresh(const json_t *command) { return (void)command, begin_with_token(active_client_refresh); }
static json_t *do_revoke(const json_t *command) { return (void)command, begin_with_token(active_client_revoke); }
static json_t *do_introspect(const json_t *command) { return (void)command, begin_with_token(active_client_introspect); }
static json_t *do_introspect_signed(const json_t *command) { return (void)command, begin_with_token(active_client_introspect_signed); }
static json_t *do_userinfo(const json_t *command) { return (void)command, begin_with_token(active_client_userinfo); }

static json_t *do_presented(const json_t *command)
{
    active_now now = moment(command);
    replace_token(active_client_presented(client, text(command, "authorization"), &now));
    replace_exchange(active_client_access_token_claims(client, token, text(command, "resource")));
    return ok();
}

/* The claims are those that the exchange before ended with. */
static json_t *do_proof(const json_t *command)
{
    active_now now = moment(command);
    const active_document *claims = active_exchange_document(exchange);
    const char *proof = text(command, "dpop"), *method = text(command, "method"), *url = text(command, "url");
    active_exchange *one = active_client_proof_claims(client, token, claims, proof, method, url, &now);
    bool good = active_exchange_step(one, NULL) == ACTIVE_DONE;
    json_t *answer = good ? json_pack("{s:s}", "document", active_exchange_document(one)->json) : failed(active_exchange_error(one));
    active_exchange_free(one);
    return answer;
}

static json_t *do_registered(const json_t *command)
{
    (void)command;
    active_client_free(client);
    client = registered_client();
    return ok();
}

typedef void put(active_exchange *, const char *, const char *);

static void put_all(put *one, const json_t *list)
{
    size_t count, i;
    active_pair *all = pairs(list, &count);
    for (i = 0; i < count; i++) one(exchange, all[i].name, all[i].value);
    free(all);
}

/* What makes a call's exchange complete. */
static json_t *complete(const json_t *command)
{
    const json_t *body = json_object_get(command, "body"), *renew_by = json_object_get(command, "renew_by");
    put_all(active_exchange_query, json_object_get(command, "query"));
    put_all(active_exchange_header, json_object_get(command, "headers"));
    put_all(active_exchange_form, json_object_get(command, "form"));
    if (body) {
        size_t length;
        unsigned char *bytes = text(body, "base64") ? base64_decode(text(body, "base64"), &length) : NULL;
        if (!bytes) return driver_error("body: not base64");
        active_exchange_body(exchange, text(body, "content_type"), bytes, length);
        free(bytes);
    }
    if (renew_by) {
        size_t count;
        active_pair *parameters = pairs(json_object_get(renew_by, "parameters"), &count);
        active_exchange_renew_by(exchange, text(renew_by, "grant"), parameters, count);
        free(parameters);
    }
    return ok();
}

static json_t *do_call(const json_t *command)
{
    replace_exchange(active_client_call(client, token, text(command, "method"), text(command, "target")));
    return complete(command);
}

static json_t *do_session(const json_t *command)
{
    replace_session(active_session_new(client, NULL));
    if (text(command, "grant")) {
        size_t count;
        active_pair *parameters = pairs(json_object_get(command, "parameters"), &count);
        active_session_grant(session, text(command, "grant"), parameters, count);
        free(parameters);
    }
    if (text(command, "user")) active_session_user(session, text(command, "user"));
    return ok();
}

static json_t *do_session_token(const json_t *command)
{
    (void)command;
    replace_exchange(active_session_token(session));
    return ok();
}

static json_t *do_session_call(const json_t *command)
{
    replace_exchange(active_session_call(session, text(command, "method"), text(command, "target")));
    return complete(command);
}

/* Steps an exchange that only its store has to do with. */
static json_t *stored(active_exchange *one, const active_now *now)
{
    json_t *answer;
    active_step step;
    while ((step = active_exchange_step(one, now)) == ACTIVE_STORE) active_exchange_store(one);
    answer = step == ACTIVE_DONE ? ok() : failed(active_exchange_error(one));
    active_exchange_free(one);
    return answer;
}

static json_t *do_session_login(const json_t *command)
{
    active_now now = moment(command);
    return stored(active_session_login(session, token), &now);
}

static json_t *do_session_logout(const json_t *command)
{
    (void)command;
    return stored(active_session_logout(session), NULL);
}

/* Begins a login: at once, or by a request that is pushed. */
static void begin_login(const json_t *command, bool push)
{
    active_now now = moment(command);
    int64_t ms = json_integer_value(json_object_get(command, "lifetime_ms"));
    const char *uri = text(command, "redirect_uri");
    active_challenges *all = demanded(command);
    const active_challenge *one = active_challenges_step_up(all);
    size_t count;
    active_pair *given = pairs(json_object_get(command, "parameters"), &count);
    if (text(command, "response_type")) given[count].name = "response_type", given[count++].value = text(command, "response_type");
    if (push && one) replace_exchange(active_client_push_step_up(client, one, uri, given, count, ms, &now));
    else if (push) replace_exchange(active_client_push(client, uri, given, count, ms, &now));
    else if (one) replace_login(active_client_authorize_step_up(client, one, uri, given, count, ms, &now));
    else replace_login(active_client_authorize(client, uri, given, count, ms, &now));
    free(given);
    active_challenges_free(all);
}

static json_t *do_authorize(const json_t *command)
{
    begin_login(command, false);
    if (active_login_error(login)) return failed(active_login_error(login));
    return json_pack("{s:s}", "url", active_login_url(login));
}

static json_t *do_end_session(const json_t *command)
{
    const char *hint = text(command, "id_token_hint"), *back = text(command, "post_logout_redirect_uri");
    active_exchange *one = active_client_end_session_url(client, hint, back, text(command, "state"));
    bool good = active_exchange_step(one, NULL) == ACTIVE_DONE;
    json_t *answer = good ? json_pack("{s:s}", "url", active_exchange_text(one)) : failed(active_exchange_error(one));
    active_exchange_free(one);
    return answer;
}

static json_t *do_push(const json_t *command)
{
    begin_login(command, true);
    return ok();
}

typedef active_exchange *asks(const active_client *, const active_pair *, size_t);

static json_t *ask(asks *one, const json_t *command)
{
    size_t count;
    active_pair *parameters = pairs(json_object_get(command, "parameters"), &count);
    replace_exchange(one(client, parameters, count));
    free(parameters);
    return ok();
}

static json_t *do_device(const json_t *command) { return ask(active_client_device, command); }
static json_t *do_backchannel(const json_t *command) { return ask(active_client_backchannel, command); }

static json_t *do_poll(const json_t *command)
{
    bool is_device = text(command, "what") && strcmp(text(command, "what"), "device") == 0;
    replace_exchange(is_device ? active_client_poll(client, device) : active_client_poll_backchannel(client, backchannel));
    return ok();
}

static json_t *saved(const char *text)
{
    return text ? json_pack("{s:s}", "saved", text) : driver_error("there is nothing to save");
}

/* A saved text becomes the current thing of that kind, and the current thing its saved text. */
#define SAVES(kind) \
    static json_t *load_##kind(const char *saved) \
    { \
        active_##kind *restored = active_##kind##_restore(saved); \
        json_t *answer = active_##kind##_error(restored) ? failed(active_##kind##_error(restored)) : ok(); \
        if (active_##kind##_error(restored)) \
            active_##kind##_free(restored); \
        else \
            replace_##kind(restored); \
        return answer; \
    } \
    static json_t *do_load_##kind(const json_t *command) { return load_##kind(text(command, "saved")); } \
    static json_t *do_saved_##kind(const json_t *command) { return (void)command, saved(active_##kind##_saved(kind)); } \
    static json_t *do_restore_##kind(const json_t *command) { return (void)command, load_##kind(active_##kind##_saved(kind)); }

SAVES(login)
SAVES(device)
SAVES(backchannel)
SAVES(token)

static json_t *do_callback(const json_t *command)
{
    replace_exchange(active_client_callback(client, login, text(command, "url")));
    return ok();
}

static json_t *done(void)
{
    const active_answer *answer = active_exchange_answer(exchange);
    const active_token *given = active_exchange_token(exchange);
    active_login *pushed = active_exchange_take_login(exchange);
    json_t *cast = done_known(exchange);
    if (cast) {
        active_client *admitted = active_exchange_take_client(exchange);
        if (admitted) active_client_free(client), client = admitted;
        return json_pack("{s:o}", "done", cast);
    }
    if (pushed) {
        replace_login(pushed);
        return json_pack("{s:{s:{s:s}}}", "done", "login", "url", active_login_url(login));
    }
    if (active_exchange_device(exchange)) {
        replace_device(active_device_copy(active_exchange_device(exchange)));
        show(device->verification_uri);
        show(device->deviations);
        return json_pack("{s:{s:o}}", "done", "device", cast_device(device));
    }
    if (active_exchange_backchannel(exchange)) {
        replace_backchannel(active_backchannel_copy(active_exchange_backchannel(exchange)));
        return json_pack("{s:{s:o}}", "done", "backchannel", cast_backchannel(backchannel));
    }
    cast = given ? cast_token(given) : json_null();
    if (given) keep(given);
    if (!answer) return json_pack("{s:{s:o}}", "done", "token", cast);
    return json_pack("{s:{s:o, s:o}}", "done", "answer", cast_answer(answer), "renewed", cast);
}

static json_t *do_step(const json_t *command)
{
    active_now now = moment(command);
    if (!exchange) return driver_error("there is no exchange");
    switch (active_exchange_step(exchange, &now)) {
    case ACTIVE_SEND:
        return json_pack("{s:o}", "send", cast_request(active_exchange_request(exchange)));
    case ACTIVE_SAVE:
        keep(active_exchange_token(exchange));
        return json_pack("{s:o}", "save", cast_token(active_exchange_token(exchange)));
    case ACTIVE_WAIT:
        return json_pack("{s:I}", "wait", (json_int_t)active_exchange_wait_ms(exchange));
    case ACTIVE_DONE:
        return done();
    case ACTIVE_STORE:
        return driver_error("a store in memory has no errands");
    case ACTIVE_FAILED:
        break;
    }
    return failed(active_exchange_error(exchange));
}

static json_t *do_receive(const json_t *command)
{
    int status = (int)json_integer_value(json_object_get(command, "status"));
    size_t count, length;
    unsigned char *body = text(command, "body_base64") ? base64_decode(text(command, "body_base64"), &length) : NULL;
    active_pair *headers;
    if (!body) return driver_error("receive: not base64");
    headers = pairs(json_object_get(command, "headers"), &count);
    active_exchange_receive(exchange, status, headers, count, body, length);
    free(headers);
    free(body);
    return ok();
}

static json_t *do_no_answer(const json_t *command)
{
    const char *sent = text(command, "sent");
    bool maybe = sent && strcmp(sent, "maybe") == 0;
    active_exchange_no_answer(exchange, maybe, text(command, "cause"), text(command, "detail"));
    return ok();
}

/* As the library wrote it: jansson would not read every number that JSON may hold. */
static json_t *do_field(const json_t *command)
{
    const char *field = active_token_field(token, text(command, "pointer"));
    printf("{\"value\":%s}", field ? field : "null");
    return PRINTED;
}

static json_t *do_show(const json_t *command)
{
    (void)command;
    return json_pack("{s:O}", "shown", shown);
}

static const struct {
    const char *word;
    json_t *(*obey)(const json_t *command);
} COMMANDS[] = {
    {"client", do_client},
    {"token", do_token},
    {"refresh", do_refresh},
    {"call", do_call},
    {"session", do_session},
    {"session_token", do_session_token},
    {"session_call", do_session_call},
    {"session_login", do_session_login},
    {"session_logout", do_session_logout},
    {"authorize", do_authorize},
    {"device", do_device},
    {"backchannel", do_backchannel},
    {"poll", do_poll},
    {"end_session", do_end_session},
    {"push", do_push},
    {"revoke", do_revoke},
    {"introspect", do_introspect},
    {"introspect_signed", do_introspect_signed},
    {"userinfo", do_userinfo},
    {"presented", do_presented},
    {"proof", do_proof},
    {"registered", do_registered},
    {"saved_login", do_saved_login},
    {"load_login", do_load_login},
    {"restore_login", do_restore_login},
    {"saved_device", do_saved_device},
    {"load_device", do_load_device},
    {"restore_device", do_restore_device},
    {"saved_backchannel", do_saved_backchannel},
    {"load_backchannel", do_load_backchannel},
    {"restore_backchannel", do_restore_backchannel},
    {"saved_token", do_saved_token},
    {"load_token", do_load_token},
    {"restore_token", do_restore_token},
    {"callback", do_callback},
    {"step", do_step},
    {"receive", do_receive},
    {"no_answer", do_no_answer},
    {"field", do_field},
    {"show", do_show},
};

static json_t *obey(const json_t *command)
{
    const char *word = text(command, "do");
    active_exchange *known = begin_known(command);
    size_t i;
    if (known) {
        replace_exchange(known);
        return ok();
    }
    for (i = 0; word && i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        if (strcmp(COMMANDS[i].word, word) == 0) return COMMANDS[i].obey(command);
    }
    return driver_error("unknown command");
}

int main(void)
{
    json_t *command, *answer;
    json_error_t why;
    shown = json_array();
    while ((command = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &why)) != NULL) {
        answer = obey(command);
        if (!answer) answer = driver_error("the answer is not UTF-8");
        if (!json_is_null(answer) && json_dumpf(answer, stdout, JSON_COMPACT) != 0) return 1;
        putchar('\n');
        fflush(stdout);
        json_decref(answer);
        json_decref(command);
    }
    start_over();
    forget_known();
    json_decref(shown);
    return feof(stdin) ? 0 : 2;
}
