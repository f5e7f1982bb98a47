/* What a command of the driver protocol says: its texts, pairs and time, and the client it describes. */
#ifndef DRIVER_CLIENT_H
#define DRIVER_CLIENT_H

#include <active.h>
#include <jansson.h>

/* A member's text; NULL where it is missing or no string. */
const char *text(const json_t *object, const char *name);

/* A list of [name, value] as pairs. Free the array; its texts belong to `list`. */
active_pair *pairs(const json_t *list, size_t *count);

/* The fields of a WWW-Authenticate as headers. Free the array; its texts belong to `fields`. */
active_pair *refusal(const json_t *fields, size_t *count);

/* What an API demands of another login, to be freed; NULL where the command says nothing of it. */
active_challenges *demanded(const json_t *command);

/* A command's time. */
active_now moment(const json_t *command);

active_client *client_of(const json_t *command);

#endif
