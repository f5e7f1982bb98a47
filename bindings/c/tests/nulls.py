#!/usr/bin/env python3
"""Is NULL harmless for every argument of every function?

Reads active.h and writes a C program to stdout that calls each function with NULL for each of its pointers in turn, and for all of them,
the other arguments being good ones. A function that is added to active.h is tried without anybody thinking of it; an argument type that
this program doesn't know ends it with an error.
"""

import re
import sys

PRELUDE = r"""
#include <active.h>
#include <stdio.h>

static const active_pair PAIRS[] = {{"scope", "read:builders"}};
static const active_now NOW = {1700000000000, 1};

static int save(void *context, const active_token *token) { return (void)context, (void)token, 0; }
static int sign(void *context, const uint8_t *message, size_t message_length, uint8_t *signature, size_t *signature_length)
{
    (void)context, (void)message, (void)message_length, (void)signature, (void)signature_length;
    return 1;
}
static void changed(void *context, const active_token *token) { (void)context, (void)token; }
static void failed(void *context, const active_error *error) { (void)context, (void)error; }
static int waits(void *context) { return (void)context, 0; }
static char BUFFER[16];

static active_client *a_client(void)
{
    active_client *client = active_client_new("buildpass", "id");
    active_client_secret(client, "secret");
    return client;
}

static active_session *a_session(void)
{
    active_client *client = a_client();
    active_session *session = active_session_new(client, "memory:");
    active_session_grant(session, "client_credentials", PAIRS, 1);
    active_client_free(client);
    return session;
}

static active_login *a_login(void)
{
    active_client *client = a_client();
    active_login *login = active_client_authorize(client, "https://app.example/callback", PAIRS, 1, 0, &NOW);
    active_client_free(client);
    return login;
}

/* From an exchange that was answered here. */
static active_token *a_token(void)
{
    static const char body[] = "{\"access_token\":\"abcdef\",\"token_type\":\"Bearer\",\"refresh_token\":\"ghijkl\"}";
    active_client *client = a_client();
    active_exchange *x = active_client_token(client, "client_credentials", PAIRS, 1);
    active_token *token;
    active_exchange_step(x, &NOW);
    active_exchange_receive(x, 200, NULL, 0, body, sizeof body - 1);
    active_exchange_step(x, &NOW);
    token = active_token_copy(active_exchange_token(x));
    active_exchange_free(x);
    active_client_free(client);
    return token;
}

static const char DEVICE[] =
    "{\"device_code\":\"abcdef\",\"user_code\":\"WDJB-MJHT\",\"verification_uri\":\"https://example.com/device\",\"expires_in\":1800}";
static const char TOKEN[] = "{\"access_token\":\"abcdef\",\"token_type\":\"Bearer\"}";
static const char ACTIVE[] = "{\"active\":true}";
static const char BACKCHANNEL[] = "{\"auth_req_id\":\"abcdef\",\"expires_in\":120}";

/* A client of a provider that has those endpoints. */
static active_client *another_client(void)
{
    return active_client_new_from_record("{\"version\":1,\"name\":\"login.example\",\"base\":\"https://login.example\",\"token\":{\"url\":\"/token\",\"auth\":\"none\"},"
        "\"endpoints\":{\"device_authorization\":\"/device\",\"backchannel_authentication\":\"/bc\",\"introspection\":\"/introspect\"}}", "id");
}

static void answered(active_exchange *x, const char *body, size_t length)
{
    active_exchange_step(x, &NOW);
    active_exchange_receive(x, 200, NULL, 0, body, length);
    if (active_exchange_step(x, &NOW) != ACTIVE_DONE) puts("  it was not answered");
}

static active_device *a_device(void)
{
    active_client *client = another_client();
    active_exchange *x = active_client_device(client, PAIRS, 1);
    active_device *device;
    answered(x, DEVICE, sizeof DEVICE - 1);
    device = active_device_copy(active_exchange_device(x));
    active_exchange_free(x);
    active_client_free(client);
    return device;
}

static active_backchannel *a_backchannel(void)
{
    static const active_pair hint[] = {{"login_hint", "jo"}};
    active_client *client = another_client();
    active_exchange *x = active_client_backchannel(client, hint, 1);
    active_backchannel *backchannel;
    answered(x, BACKCHANNEL, sizeof BACKCHANNEL - 1);
    backchannel = active_backchannel_copy(active_exchange_backchannel(x));
    active_exchange_free(x);
    active_client_free(client);
    return backchannel;
}

static active_key *a_key(void) { return active_key_generate("ES256", NULL); }

static active_document *a_document(void)
{
    active_client *client = another_client();
    active_exchange *x = active_client_token(client, "client_credentials", NULL, 0), *asking;
    active_document *document;
    answered(x, TOKEN, sizeof TOKEN - 1);
    asking = active_client_introspect(client, active_exchange_token(x));
    answered(asking, ACTIVE, sizeof ACTIVE - 1);
    document = active_document_copy(active_exchange_document(asking));
    active_exchange_free(asking);
    active_exchange_free(x);
    active_client_free(client);
    return document;
}

/* A call that was not stepped yet: the one kind of exchange that every function takes. */
static active_exchange *an_exchange(void)
{
    active_client *client = a_client();
    active_token *token = a_token();
    active_exchange *x = active_client_call(client, token, "GET", "/v1/builders");
    active_token_free(token);
    active_client_free(client);
    return x;
}

static active_access *an_access(void)
{
    active_access *access = active_access_new("https://tools.example/mcp");
    active_access_register(access, "{}");
    return access;
}

/* Whatever a function gave is good to be used and freed. */
static void use_exchange(active_exchange *x)
{
    if (active_exchange_step(x, &NOW) == ACTIVE_FAILED && x && !active_exchange_error(x)) puts("  it failed without an error");
    active_exchange_free(x);
}

static void use_client(active_client *client)
{
    use_exchange(active_client_token(client, "client_credentials", PAIRS, 1));
    active_client_free(client);
}

static void use_session(active_session *session)
{
    use_exchange(active_session_token(session));
    active_session_free(session);
}

static void use_login(active_login *login)
{
    active_client *client = a_client();
    use_exchange(active_client_callback(client, login, "code=x&state=y"));
    active_client_free(client);
    active_login_free(login);
}

static void use_token(active_token *token)
{
    active_client *client = a_client();
    use_exchange(active_client_call(client, token, "GET", "/v1/builders"));
    active_client_free(client);
    active_token_free(token);
}

static void use_device(active_device *device)
{
    active_client *client = another_client();
    use_exchange(active_client_poll(client, device));
    active_client_free(client);
    active_device_free(device);
}

static void use_backchannel(active_backchannel *backchannel)
{
    active_client *client = another_client();
    use_exchange(active_client_poll_backchannel(client, backchannel));
    active_client_free(client);
    active_backchannel_free(backchannel);
}

static void use_key(active_key *key)
{
    active_client *client = another_client();
    active_client_key(client, key);
    active_client_dpop(client, key);
    use_client(client);
    active_key_free(key);
}

static void use_document(active_document *document)
{
    (void)active_document_field(document, "/active");
    active_document_free(document);
}

static void use_access(active_access *access)
{
    use_exchange(active_access_after(access, PAIRS, 1, NULL));
    active_access_free(access);
}

static void use_loopback(active_loopback *loopback)
{
    use_exchange(active_loopback_callback(loopback, 1));
    active_loopback_free(loopback);
}

/* What was lent is lent by something that the process keeps. */
static const active_challenge *a_challenge(void)
{
    static const active_pair refusal[] = {{"WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"admin\""}};
    static active_challenges *challenges;
    if (!challenges) challenges = active_challenges_parse(refusal, 1);
    return active_challenges_step_up(challenges);
}

static void use_challenges(active_challenges *challenges)
{
    (void)active_challenges_at(challenges, active_challenges_count(challenges));
    active_challenges_free(challenges);
}

static void use_agent(active_agent *agent)
{
    active_client *client = a_client();
    active_client_agent(client, agent);
    use_client(client);
    active_agent_free(agent);
}
"""

# Handles: how one is made, and used up after the call.
HANDLES = {
    "active_agent": ("active_agent_new()", "use_agent"),
    "active_client": ("a_client()", "use_client"),
    "active_exchange": ("an_exchange()", "use_exchange"),
    "active_session": ("a_session()", "use_session"),
    "active_login": ("a_login()", "use_login"),
    "active_token": ("a_token()", "use_token"),
    "active_device": ("a_device()", "use_device"),
    "active_backchannel": ("a_backchannel()", "use_backchannel"),
    "active_key": ("a_key()", "use_key"),
    "active_document": ("a_document()", "use_document"),
    "active_loopback": ("active_loopback_new(NULL, NULL)", "use_loopback"),
    "active_access": ("an_access()", "use_access"),
    "active_challenges": ("active_challenges_parse(PAIRS, 1)", "use_challenges"),
}

# Other good arguments, by type; a pointer's is followed by a count of 1 where the function wants one.
VALUES = {
    "const char *": '"x"',
    "const active_pair *": "PAIRS",
    "const active_now *": "&NOW",
    "const active_challenge *": "a_challenge()",
    "const void *": '"x"',
    "void *": "NULL",
    "active_save": "save",
    "active_changed": "changed",
    "active_failed": "failed",
    "active_sign": "sign",
    "active_wait": "waits",
    "char *": "BUFFER",
    "int": "200",
    "bool": "false",
    "size_t": "1",
    "int64_t": "1000",
}


def functions(header):
    """(result, name, [(type, argument name)]) of each function of the header."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", header, flags=re.S)
    for result, name, arguments in re.findall(r"^((?:const )?\w+ \**)(active_\w+)\(([^;{}]*)\);", text, flags=re.M | re.S):
        split = [re.match(r"(.*?)(\w+)$", " ".join(one.split())) for one in arguments.split(",") if one.strip() != "void"]
        yield result.strip(), name, [(one[1].strip(), one[2]) for one in split]


def handle_of(kind):
    base = kind.removeprefix("const ").removesuffix("*").strip()
    return base if kind.endswith("*") and base in HANDLES else None


def is_pointer(kind):
    return kind.endswith("*") or kind in ("active_save", "active_changed", "active_failed", "active_sign", "active_wait")


def calls(result, name, arguments):
    """One block of C for each set of arguments that is NULL."""
    pointers = [argument for kind, argument in arguments if is_pointer(kind)]
    for nulls in [{pointer} for pointer in pointers] + ([set(pointers)] if len(pointers) > 1 else []):
        # An agent for one client may be NULL, and so may all of them at once.
        block, given, after = [], [], []
        for kind, argument in arguments:
            handle = handle_of(kind)
            if argument in nulls:
                given.append("NULL")
            elif handle:
                make, use = HANDLES[handle]
                block.append(f"{handle} *{argument} = {make};")
                given.append(argument)
                if not name.endswith("_free"):
                    after.append(f"{use}({argument});")
            else:
                given.append(VALUES[kind])
        call = f"{name}({', '.join(given)})"
        made = handle_of(result) if not result.startswith("const") else None
        block.append(f"{HANDLES[made][1]}({call});" if made else f"(void){call};")
        block += [*after, f'puts("ok {name} with NULL for {" and ".join(sorted(nulls))}");', "fflush(stdout);"]
        yield "    {\n" + "".join(f"        {line}\n" for line in block) + "    }\n"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        found = list(functions(file.read()))
    if len(found) < 50:
        sys.exit(f"only {len(found)} functions were found in {sys.argv[1]}")
    sys.stdout.write(PRELUDE)
    sys.stdout.write("\nint main(void)\n{\n")
    for result, name, arguments in found:
        try:
            sys.stdout.writelines(calls(result, name, arguments))
        except KeyError as unknown:
            sys.exit(f"{name}: no good argument is known for {unknown}")
    sys.stdout.write("    return 0;\n}\n")


if __name__ == "__main__":
    main()
