/* Where do these examples talk to?
 *
 * To the provider's own host, unless the environment names another one, for example the sandbox (crates/sandbox):
 *
 *     ACTIVE_BASE    the host, such as https://localhost:41873
 *     ACTIVE_CA      a PEM file of the certificates to trust instead of the bundled ones
 *
 * A program of yours needs none of this.
 */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <active.h>
#include <stdlib.h>

/* The client, turned to the host that the environment names. */
static inline active_client *from_environment(active_client *client)
{
    const char *base = getenv("ACTIVE_BASE"), *ca = getenv("ACTIVE_CA");
    if (base) active_client_base(client, base);
    if (ca) {
        active_agent *agent = active_agent_new();
        active_agent_roots_file(agent, ca);
        active_client_agent(client, agent);
        active_agent_free(agent); /* the client keeps what it needs */
    }
    return client;
}

/* The value of a variable of the environment, or another where it is not set. */
static inline const char *variable(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value ? value : otherwise;
}

#endif
