/* What does a JWT say, and a request's header? */
#ifndef JWT_H
#define JWT_H

#include <active.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"

/* The part of a JWT at that place, decoded; free it. */
static inline json_t *part(const char *jwt, int place)
{
    char text[4096] = "";
    unsigned char *bytes;
    size_t length, i;
    json_t *object;
    while (place-- > 0) jwt = strchr(jwt, '.') + 1;
    length = strcspn(jwt, ".&");
    if (length > sizeof text - 4) length = sizeof text - 4;
    memcpy(text, jwt, length);
    for (i = 0; i < length; i++) text[i] = (char)(text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i]);
    while (length % 4) text[length++] = '=';
    bytes = base64_decode(text, &length);
    object = bytes ? json_loadb((const char *)bytes, length, 0, NULL) : NULL;
    free(bytes);
    return object;
}

static inline const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static inline const char *header(const active_request *request, const char *name)
{
    size_t i;
    for (i = 0; i < request->header_count; i++) {
        if (strcmp(request->headers[i].name, name) == 0) return request->headers[i].value;
    }
    return "";
}

#endif
