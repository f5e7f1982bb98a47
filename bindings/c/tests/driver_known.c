/* How does the driver find servers and become known to them?
 *
 * Discovery (RFC 8414, RFC 9728), registration (RFC 7591, RFC 7592) and the way from an API's refusal to a client. The registration that was
 * made last, and the record it was made at, are kept here.
 */
#include "driver_known.h"

#include <stdlib.h>
#include <string.h>

#include "driver_client.h"

static char *record;
static char *registration;
/* Whether the document to come is a registration. */
static int registers;

static void keep(char **place, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = (char *)malloc(size);
    free(*place);
    *place = copy ? (char *)memcpy(copy, text, size) : NULL;
}

static active_exchange *begin_register(const json_t *command)
{
    if (text(command, "record")) keep(&record, text(command, "record"));
    registers = 1;
    return active_provider_register(text(command, "record"), text(command, "metadata"), text(command, "initial_access_token"), NULL);
}

static active_exchange *begin_access(const json_t *command)
{
    active_access *access = active_access_new(text(command, "url"));
    size_t count;
    active_pair *headers = refusal(json_object_get(command, "www_authenticate"), &count);
    active_exchange *one;
    if (text(command, "client_document")) active_access_client_document(access, text(command, "client_document"));
    if (text(command, "register")) active_access_register(access, text(command, "register"));
    if (text(command, "initial_access_token")) active_access_initial_access_token(access, text(command, "initial_access_token"));
    one = active_access_after(access, headers, count, NULL);
    free(headers);
    active_access_free(access);
    return one;
}

active_exchange *begin_known(const json_t *command)
{
    const char *word = text(command, "do");
    if (!word) return NULL;
    registers = strcmp(word, "read_registration") == 0 || strcmp(word, "update_registration") == 0 ||
                (registers && (strcmp(word, "step") == 0 || strcmp(word, "receive") == 0 || strcmp(word, "show") == 0));
    if (strcmp(word, "discover") == 0) return active_provider_discover(text(command, "issuer"), NULL);
    if (strcmp(word, "resource") == 0) return active_resource_discover(text(command, "url"), NULL);
    if (strcmp(word, "register") == 0) return begin_register(command);
    if (strcmp(word, "read_registration") == 0) return active_registration_read(record, registration, NULL);
    if (strcmp(word, "update_registration") == 0) return active_registration_update(record, registration, text(command, "metadata"), NULL);
    if (strcmp(word, "delete_registration") == 0) return active_registration_delete(record, registration, NULL);
    if (strcmp(word, "access") == 0) return begin_access(command);
    return NULL;
}

static json_t *admission(const active_admission *admission)
{
    keep(&record, admission->record);
    if (admission->registration) keep(&registration, admission->registration->json);
    return json_pack("{s:{s:s, s:s?, s:s, s:s, s:s?}}",
                     "admission",
                     "client_id", admission->client_id,
                     "scope", admission->scope,
                     "record", admission->record,
                     "resource", admission->resource->json,
                     "registration", admission->registration ? admission->registration->json : NULL);
}

json_t *done_known(active_exchange *exchange)
{
    const active_document *document = active_exchange_document(exchange);
    if (active_exchange_admission(exchange)) return admission(active_exchange_admission(exchange));
    if (active_exchange_record(exchange)) return json_pack("{s:s}", "provider", active_exchange_record(exchange));
    if (!document) return NULL;
    if (registers) keep(&registration, document->json);
    return json_pack("{s:s}", "document", document->json);
}

void forget_known(void)
{
    free(record);
    free(registration);
    record = registration = NULL;
}

active_client *registered_client(void) { return active_client_new_from_registration(record, registration); }
