/* Which server do these examples talk to?
 *
 *     ACTIVE_ISSUER  an authorization server that describes itself (RFC 8414), such as https://login.example
 *     ACTIVE_ID      the client's id there
 *     ACTIVE_SECRET  the client's secret, where it has one
 *     ACTIVE_CA      a PEM file of the certificates to trust instead of the bundled ones
 */
#ifndef ISSUER_H
#define ISSUER_H

#include <active.h>
#include <stdio.h>
#include <stdlib.h>

static inline int failed(const active_error *error)
{
    fprintf(stderr, "%s: %s\n", error->kind_name, error->message);
    return 1;
}

/* Runs an exchange that gives a token, and frees it. NULL where it failed. */
static inline active_token *token_of(active_exchange *x)
{
    active_token *token = NULL;
    if (active_exchange_run(x) == ACTIVE_DONE) token = active_token_copy(active_exchange_token(x));
    else failed(active_exchange_error(x));
    active_exchange_free(x);
    return token;
}

/* Prints a member of the document that an exchange gives, and frees it. */
static inline int show(const char *format, active_exchange *x, const char *pointer)
{
    int wrong = 0;
    if (active_exchange_run(x) == ACTIVE_DONE) {
        const char *member = active_document_field(active_exchange_document(x), pointer);
        printf(format, member ? member : "nothing");
    } else {
        wrong = failed(active_exchange_error(x));
    }
    active_exchange_free(x);
    return wrong;
}

static inline active_agent *agent_of_environment(void)
{
    active_agent *agent = active_agent_new();
    if (getenv("ACTIVE_CA")) active_agent_roots_file(agent, getenv("ACTIVE_CA"));
    return agent;
}

/* A client of the issuer. What is wrong with it is told by its first exchange. NULL where the issuer could not be asked. */
static inline active_client *client_of_issuer(void)
{
    active_agent *agent = agent_of_environment();
    active_exchange *x = active_provider_discover(getenv("ACTIVE_ISSUER"), agent);
    active_client *client = NULL;
    if (active_exchange_run(x) == ACTIVE_DONE) {
        /* The record can be kept: it saves two requests at every start. */
        client = active_client_new_from_record(active_exchange_record(x), getenv("ACTIVE_ID"));
        active_client_agent(client, agent);
        if (getenv("ACTIVE_SECRET")) active_client_secret(client, getenv("ACTIVE_SECRET"));
        else active_client_auth(client, "none");
    } else {
        failed(active_exchange_error(x));
    }
    active_exchange_free(x);
    active_agent_free(agent);
    return client;
}

#endif
