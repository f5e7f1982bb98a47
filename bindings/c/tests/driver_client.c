/* Which client does a command of the driver protocol describe? */
#include "driver_client.h"

#include <stdlib.h>
#include <string.h>

const char *text(const json_t *object, const char *name) { return json_string_value(json_object_get(object, name)); }

active_pair *pairs(const json_t *list, size_t *count)
{
    active_pair *array = (active_pair *)calloc(json_array_size(list) + 1, sizeof *array);
    size_t i;
    *count = json_array_size(list);
    for (i = 0; array && i < *count; i++) {
        const json_t *pair = json_array_get(list, i);
        array[i].name = json_string_value(json_array_get(pair, 0));
        array[i].value = json_string_value(json_array_get(pair, 1));
    }
    return array;
}

active_now moment(const json_t *command)
{
    const json_t *now = json_object_get(command, "now");
    active_now moment;
    moment.wall_ms = json_integer_value(json_object_get(now, "wall"));
    moment.mono_ms = json_integer_value(json_object_get(now, "mono"));
    return moment;
}

active_pair *refusal(const json_t *fields, size_t *count)
{
    active_pair *headers = (active_pair *)calloc(json_array_size(fields) + 1, sizeof *headers);
    size_t i;
    *count = json_array_size(fields);
    for (i = 0; headers && i < *count; i++) {
        headers[i].name = "WWW-Authenticate";
        headers[i].value = json_string_value(json_array_get(fields, i));
    }
    return headers;
}

active_challenges *demanded(const json_t *command)
{
    size_t count;
    active_pair *headers = refusal(json_object_get(command, "step_up"), &count);
    active_challenges *challenges = count ? active_challenges_parse(headers, count) : NULL;
    free(headers);
    return challenges;
}

typedef void takes_key(active_client *, const active_key *);

static void give_key(active_client *client, takes_key *take, const json_t *given)
{
    const char *algorithm = text(given, "algorithm"), *pem = text(given, "pem"), *id = text(given, "id");
    active_key *key = pem ? active_key_from_pem(algorithm, pem, strlen(pem), id) : active_key_from_jwk(algorithm, text(given, "jwk"), id);
    take(client, key);
    active_key_free(key);
}

active_client *client_of(const json_t *command)
{
    const char *id = text(command, "id"), *record = text(command, "record"), *name;
    const json_t *key = json_object_get(command, "key"), *dpop = json_object_get(command, "dpop");
    json_t *value;
    active_client *client = record ? active_client_new_from_record(record, id) : active_client_new(text(command, "provider"), id);
    if (text(command, "secret")) active_client_secret(client, text(command, "secret"));
    if (text(command, "auth")) active_client_auth(client, text(command, "auth"));
    if (text(command, "body")) active_client_body(client, text(command, "body"));
    if (text(command, "base")) active_client_base(client, text(command, "base"));
    if (text(command, "assertion_audience")) active_client_assertion_audience(client, text(command, "assertion_audience"));
    json_object_foreach(json_object_get(command, "variables"), name, value) {
        active_client_variable(client, name, json_string_value(value));
    }
    if (json_is_true(json_object_get(command, "plain_http"))) active_client_danger_allow_plain_http_to_loopback(client);
    if (key) give_key(client, active_client_key, key);
    if (dpop) give_key(client, active_client_dpop, dpop);
    if (json_is_true(json_object_get(command, "dpop_required"))) active_client_dpop_required(client);
    if (json_is_true(json_object_get(command, "certificate_bound"))) active_client_certificate_bound(client);
    if (text(command, "policy")) active_client_policy(client, text(command, "policy"));
    if (json_is_true(json_object_get(command, "signed_requests"))) active_client_signed_requests(client);
    return client;
}
