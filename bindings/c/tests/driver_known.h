/* How does the driver find servers and become known to them? (tests/README.md has the protocol.) */
#ifndef DRIVER_KNOWN_H
#define DRIVER_KNOWN_H

#include <active.h>
#include <jansson.h>

/* The exchange of a command that needs no client: a discovery, a registration, an access. NULL where it is none of these. */
active_exchange *begin_known(const json_t *command);

/* What such an exchange, or another that ends with a document, is done with; NULL for one that ends otherwise. */
json_t *done_known(active_exchange *exchange);

/* The client that was registered last. */
active_client *registered_client(void);

/* Frees what was kept. */
void forget_known(void);

#endif
