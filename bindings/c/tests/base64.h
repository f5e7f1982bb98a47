/* How do bytes travel in a line of JSON? */
#ifndef BASE64_H
#define BASE64_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* RFC 4648 §4, with padding. Free it; NULL only without memory. */
static inline char *base64_encode(const void *bytes, size_t length)
{
    const unsigned char *in = (const unsigned char *)bytes;
    char *text = (char *)malloc((length + 2) / 3 * 4 + 1);
    char *out = text;
    size_t i;
    if (!text) return NULL;
    for (i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned group = (unsigned)in[i] << 16;
        if (left > 1) group |= (unsigned)in[i + 1] << 8;
        if (left > 2) group |= in[i + 2];
        *out++ = BASE64[group >> 18];
        *out++ = BASE64[group >> 12 & 63];
        *out++ = left > 1 ? BASE64[group >> 6 & 63] : '=';
        *out++ = left > 2 ? BASE64[group & 63] : '=';
    }
    *out = 0;
    return text;
}

/* The bytes of a base64 text. Free them; NULL where it is not base64. */
static inline unsigned char *base64_decode(const char *text, size_t *length)
{
    size_t letters = strcspn(text, "="), i;
    unsigned char *bytes, *out;
    unsigned group = 0;
    if (strlen(text) % 4 != 0 || strlen(text) - letters > 2) return NULL;
    bytes = out = (unsigned char *)malloc(letters + 1);
    if (!bytes) return NULL;
    for (i = 0; i < letters; i++) {
        const char *place = strchr(BASE64, text[i]);
        if (!place) {
            free(bytes);
            return NULL;
        }
        group = (group << 6 | (unsigned)(place - BASE64)) & 0xFFFFFF;
        if (i % 4) *out++ = (unsigned char)(group >> (6 - i % 4 * 2) & 0xFF);
    }
    *length = (size_t)(out - bytes);
    return bytes;
}

#endif
