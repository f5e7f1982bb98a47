/* How does the driver protocol write a token, an answer, a request and an error? (tests/README.md has the protocol.) */
#ifndef DRIVER_CAST_H
#define DRIVER_CAST_H

#include <active.h>
#include <jansson.h>

json_t *cast_request(const active_request *request);
json_t *cast_token(const active_token *token);
json_t *cast_answer(const active_answer *answer);
json_t *cast_device(const active_device *device);
json_t *cast_backchannel(const active_backchannel *backchannel);
json_t *cast_error(const active_error *error);

/* Bytes as a base64 string. */
json_t *cast_bytes(const void *bytes, size_t length);

#endif
