/* How does the driver protocol write what the library lends? */
#include "driver_cast.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"

json_t *cast_bytes(const void *bytes, size_t length)
{
    char *text = base64_encode(bytes, length);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static json_t *text_or_null(const char *text) { return text ? json_string(text) : json_null(); }

/* Times and statuses have a number that means "none". */
static json_t *number_or_null(int64_t number, int64_t none)
{
    return number == none ? json_null() : json_integer(number);
}

static json_t *headers(const active_pair *pairs, size_t count)
{
    json_t *list = json_array();
    size_t i;
    for (i = 0; i < count; i++) json_array_append_new(list, json_pack("[s, s]", pairs[i].name, pairs[i].value));
    return list;
}

json_t *cast_request(const active_request *request)
{
    return json_pack("{s:s, s:s, s:o, s:o}",
                     "method", request->method,
                     "url", request->url,
                     "headers", headers(request->headers, request->header_count),
                     "body_base64", cast_bytes(request->body, request->body_length));
}

json_t *cast_answer(const active_answer *answer)
{
    return json_pack("{s:i, s:o, s:o}",
                     "status", (int)answer->status,
                     "headers", headers(answer->headers, answer->header_count),
                     "body_base64", cast_bytes(answer->body, answer->body_length));
}

/* "a, b" as ["a", "b"]. */
static json_t *split(const char *text)
{
    json_t *list = json_array();
    while (*text) {
        size_t length = strcspn(text, ",");
        json_array_append_new(list, json_stringn(text, length));
        text += length;
        text += strspn(text, ", ");
    }
    return list;
}

static json_t *user(const active_user *user)
{
    if (!user) return json_null();
    return json_pack("{s:s, s:o, s:o, s:o, s:o}",
                     "user_id", user->user_id,
                     "user_type", text_or_null(user->user_type),
                     "email", text_or_null(user->email),
                     "fullname", text_or_null(user->fullname),
                     "profile_picture", text_or_null(user->profile_picture));
}

json_t *cast_token(const active_token *token)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:b, s:s, s:o, s:o, s:s}",
                     "access_token", token->access_token,
                     "token_type", text_or_null(token->token_type),
                     "authorization", text_or_null(token->authorization),
                     "expires_at", number_or_null(token->expires_at_ms, -1),
                     "received_at", (json_int_t)token->received_at_ms,
                     "refresh_token", text_or_null(token->refresh_token),
                     "scope", text_or_null(token->scope),
                     "requested_scope", text_or_null(token->requested_scope),
                     "scope_narrower", (int)token->scope_narrower,
                     "provider", token->provider,
                     "deviations", split(token->deviations),
                     "user", user(active_token_user(token)),
                     "saved", active_token_saved(token));
}

json_t *cast_device(const active_device *device)
{
    return json_pack("{s:s, s:s, s:o, s:I, s:I, s:o, s:s}",
                     "user_code", device->user_code,
                     "verification_uri", device->verification_uri,
                     "verification_uri_complete", text_or_null(device->verification_uri_complete),
                     "expires_at", (json_int_t)device->expires_at_ms,
                     "interval_ms", (json_int_t)active_device_interval_ms(device),
                     "deviations", split(device->deviations),
                     "saved", active_device_saved(device));
}

json_t *cast_backchannel(const active_backchannel *backchannel)
{
    return json_pack("{s:I, s:I, s:s}",
                     "expires_at", (json_int_t)backchannel->expires_at_ms,
                     "interval_ms", (json_int_t)active_backchannel_interval_ms(backchannel),
                     "saved", active_backchannel_saved(backchannel));
}

json_t *cast_error(const active_error *error)
{
    json_t *sent = error->kind != ACTIVE_NO_ANSWER ? json_null() : json_string(error->may_have_been_sent ? "maybe" : "no");
    return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:b, s:o}",
                     "kind", error->kind_name,
                     "code", text_or_null(error->code),
                     "standard_code", text_or_null(error->standard_code),
                     "message", error->message,
                     "description", text_or_null(error->description),
                     "error_uri", text_or_null(error->error_uri),
                     "status", number_or_null(error->status, 0),
                     "retry_after_ms", number_or_null(error->retry_after_ms, -1),
                     "transient", (int)error->transient,
                     "sent", sent,
                     "ambiguous", (int)error->ambiguous,
                     "body_base64", error->body ? cast_bytes(error->body, error->body_length) : json_null());
}
