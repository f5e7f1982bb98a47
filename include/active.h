/*
 * active.h - the OAuth 2.0 client of Active, for C and C++
 *
 *     active_client *client = active_client_new("buildpass", "id");
 *     active_client_secret(client, "secret");
 *     active_exchange *x = active_client_token(client, "client_credentials", params, count);
 *     if (active_exchange_run(x) == ACTIVE_DONE) puts(active_exchange_token(x)->access_token);
 *     else fprintf(stderr, "%s\n", active_exchange_error(x)->message);
 *     active_exchange_free(x);
 *     active_client_free(client);
 *
 * Rules
 *  - Handles (active_agent, active_client, active_key, active_session, active_login, active_access, active_challenges, active_loopback,
 *    active_exchange) are opaque, are made by one function and freed by its active_..._free; so is a token, document, device or backchannel of your own, which active_..._copy or active_..._restore gave.
 *    They keep alive what they need: free them in any order. What is given to the library is copied. NULL is harmless everywhere.
 *  - There are no strings to free. What the library lends is yours to read until the handle's next step, or until it is freed.
 *  - Errors stay on the handle until a step: there is nothing to check before. Enums come out, never go in.
 *  - One thread at a time uses a handle; active_exchange_cancel alone may come from another. A key, and a session once it is set up, are the
 *    exceptions: any number of threads use them at once. A forked child may go on with the handles it inherited, and so may its parent: they share no connection.
 *  - A program allocates none of our structs but active_pair and active_now, which are frozen for ever; structs that are lent grow only at
 *    their end.
 *  - Bodies are pointer and length; strings are UTF-8 and end with a NUL; times are int64_t milliseconds.
 *  - No panic leaves the library: it becomes ACTIVE_FAILED.
 *
 * This file is generated from crates/ffi-c by `cargo xtask gen`. Do not edit it.
 */

#ifndef ACTIVE_H
#define ACTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The header's version; active_version() is the library's. */
#define ACTIVE_VERSION "0.1.0"
#define ACTIVE_VERSION_MAJOR 0
#define ACTIVE_VERSION_MINOR 1
#define ACTIVE_VERSION_PATCH 0

// What to do now, before the next step.
typedef enum {
  // It failed: active_exchange_error says why.
  ACTIVE_FAILED = 0,
  // Carry active_exchange_request, then call active_exchange_receive or active_exchange_no_answer; or active_exchange_carry for both.
  ACTIVE_SEND = 1,
  // Store active_exchange_token: an older one is worthless from now on. Then step again.
  ACTIVE_SAVE = 2,
  // Do nothing for active_exchange_wait_ms milliseconds. Then step again.
  ACTIVE_WAIT = 3,
  // The result is there: active_exchange_token, active_exchange_answer for a call, or what else the exchange was begun for.
  ACTIVE_DONE = 4,
  // A session's store is to be read or written: call active_exchange_store where blocking does no harm. Then step again.
  ACTIVE_STORE = 5,
} active_step;

// Whose move it is.
typedef enum {
  // The program's: something was asked for that cannot be right.
  ACTIVE_USAGE = 1,
  // The server said no; see code, standard_code and transient.
  ACTIVE_REFUSED = 2,
  // The server's makers': the answer makes no sense.
  ACTIVE_GARBLED = 3,
  // Nobody's: what came may be from someone else. Stop.
  ACTIVE_UNTRUSTED = 4,
  // The user's: the login or token is over. Start again.
  ACTIVE_EXPIRED = 5,
  // The network's: there was no answer; see may_have_been_sent.
  ACTIVE_NO_ANSWER = 6,
  // The store keeper's: a session's store could not be read or written; see code. Nothing that was in it is lost.
  ACTIVE_STORE_FAILED = 7,
} active_kind;

// What a program knows of itself before it asks an API it never heard of. What is wrong with it is told by the first step of an exchange.
typedef struct active_access active_access;

// Roots, proxy, time limits and the pool of connections. Give it to clients; settings count for clients it is given to afterwards.
typedef struct active_agent active_agent;

// The challenges of an API's refusal, in order. Those that an exchange lends live until the exchange's next step.
typedef struct active_challenges active_challenges;

// A client at one provider. What is wrong with it is told by the first step of an exchange: there is nothing to check before.
typedef struct active_client active_client;

// A token request, a renewal, an API call, or what a session does with its store. One thread at a time, but for active_exchange_cancel.
typedef struct active_exchange active_exchange;

// A private key with the one algorithm it signs by, or the reason why there is none. It never changes, so threads may share it.
typedef struct active_key active_key;

// A login that waits for its callback, or the reason why it could not be begun or restored.
typedef struct active_login active_login;

// Waits on this machine for the browser to come back from one login, or the reason why it cannot. It listens on 127.0.0.1, or where there is no IPv4 on
// [::1], at a port that is free. Any program and any page on this machine can call it, which is why what it hears goes to active_client_callback only.
typedef struct active_loopback active_loopback;

// One good token for everyone who needs it: the only handle that threads share. Its token is in its store, and so shared with all processes
// and machines that have the same store, client, user and grant.
//
// It is set up by one thread, and then used by any number. Setting it up after its first exchange was begun is a usage error.
typedef struct active_session active_session;

// The time of a step, in milliseconds. Frozen for ever.
typedef struct {
  // Since the Unix epoch, as the wall clock has it.
  int64_t wall_ms;
  // Since any fixed point, never running backwards.
  int64_t mono_ms;
} active_now;

// A name and its value: a parameter, a header. Frozen for ever. Both are UTF-8 and NUL-terminated.
typedef struct {
  // The name.
  const char *name;
  // The value.
  const char *value;
} active_pair;

// A token. Grows at its end only. One that an exchange lends lives until the exchange's next step; active_token_copy keeps it longer.
//
// Every text is a secret unless it says otherwise.
typedef struct {
  // The access token: visible ASCII. Never NULL; empty for a token that could not be restored.
  const char *access_token;
  // "Bearer …" for the Authorization header; NULL where the token's type is one that nobody may use.
  const char *authorization;
  // The refresh token; NULL where there is none.
  const char *refresh_token;
  // The type in the server's words (no secret); NULL where it named none.
  const char *token_type;
  // The scope granted, or requested where the server said nothing (no secret); NULL where neither is known.
  const char *scope;
  // The scope asked for (no secret); NULL where none was.
  const char *requested_scope;
  // The provider's name (no secret).
  const char *provider;
  // How the answer departed from RFC 6749, separated by ", " (no secret); empty where it did not.
  const char *deviations;
  // When it expires, in milliseconds since the Unix epoch; -1 where the server did not say.
  int64_t expires_at_ms;
  // When it was received, in milliseconds since the Unix epoch.
  int64_t received_at_ms;
  // Whether something that was asked for was not granted.
  bool scope_narrower;
  // The server's whole answer, byte for byte; NULL where it is empty.
  const uint8_t *answer;
  // Its length in bytes.
  size_t answer_length;
} active_token;

// Stores a token; anything but 0 says that it could not, and the exchange fails (the token stays readable, lose it not).
typedef int (*active_save)(void *context, const active_token *token);

// Is asked on the thread that carries, about every 100 ms while it waits and not at all where nothing has to be waited for. Anything but 0 ends what is carried
// as active_exchange_cancel does. It must return soon (no longjmp, no C++ exception) and must not use this exchange, but for active_exchange_cancel.
typedef int (*active_wait)(void *context);

// A request to carry: exactly this URL, no redirect followed. Lent until the exchange's next step. Grows at its end only.
typedef struct {
  // GET, POST, …
  const char *method;
  // The absolute URL. Its query may hold a token: do not print it.
  const char *url;
  // The header fields, names in lower case. They may hold secrets.
  const active_pair *headers;
  // How many.
  size_t header_count;
  // The body; NULL where it is empty.
  const uint8_t *body;
  // Its length in bytes.
  size_t body_length;
} active_request;

// Why something failed. Lent: it lives as long as its handle, an exchange's until its next step. Grows at its end only.
typedef struct {
  // Whose move it is.
  active_kind kind;
  // For people: printable UTF-8 without any secret. Never NULL.
  const char *message;
  // The kind as a word: usage, refused, garbled, untrusted, expired, no_answer, store. Never NULL.
  const char *kind_name;
  // The server's own code, the cause of no answer (timeout, connect, …), or what is wrong with the store (away, busy, denied, full, damaged,
  // newer, wrong_key, other); NULL where there is none.
  const char *code;
  // The standard meaning of the server's code (invalid_client, …): branch on this. NULL where there is none.
  const char *standard_code;
  // The server's description, made printable; NULL where it gave none.
  const char *description;
  // The server's error_uri; NULL where it gave none. Show it, do not open it.
  const char *error_uri;
  // The HTTP status; 0 where there was no answer.
  int32_t status;
  // Whether the same request can succeed later.
  bool transient;
  // For ACTIVE_NO_ANSWER: whether the request may have reached the server.
  bool may_have_been_sent;
  // Whether a code or refresh token may have been used up by a request whose answer was lost.
  bool ambiguous;
  // Milliseconds the server asked to wait; -1 where it did not.
  int64_t retry_after_ms;
  // The answer's whole body. It may hold secrets, which is why the message does not. NULL where there is none.
  const uint8_t *body;
  // Its length in bytes.
  size_t body_length;
} active_error;

// An API's answer, whatever its status. Lent until the exchange's next step. Grows at its end only.
typedef struct {
  // The HTTP status.
  int32_t status;
  // The header fields as they came.
  const active_pair *headers;
  // How many.
  size_t header_count;
  // The body after decompression, not NUL-terminated; NULL where it is empty.
  const uint8_t *body;
  // Its length in bytes.
  size_t body_length;
} active_answer;

// A JSON object that a server answered with. It may hold secrets. Grows at its end only. One that an exchange lends lives until the exchange's
// next step; active_document_copy keeps it longer.
typedef struct {
  // The whole object, byte for byte as it came, and a NUL behind it. Never NULL; "{}" where the server has nothing to say.
  const char *json;
  // Its length in bytes.
  size_t json_length;
} active_document;

// A login on a device without a browser: show the user what it says, then active_client_poll. Grows at its end only. One that an exchange
// lends lives until the exchange's next step; active_device_copy keeps it longer.
typedef struct {
  // What the user enters, to be shown as it is: for the user's eyes and nobody else's. Never NULL, like all but the next but one; empty
  // for a login that could not be restored.
  const char *user_code;
  // Where the user enters it (no secret). It is a plain https URL, or http to loopback where the client allows that.
  const char *verification_uri;
  // The same with the code in it, for a QR code: as secret as the code. NULL where the server gave none.
  const char *verification_uri_complete;
  // How the answer departed from RFC 8628, separated by ", " (no secret); empty where it did not.
  const char *deviations;
  // When the login is over, in milliseconds since the Unix epoch.
  int64_t expires_at_ms;
} active_device;

// A login whose user is asked on a device of their own. Grows at its end only. One that an exchange lends lives until the exchange's next
// step; active_backchannel_copy keeps it longer.
typedef struct {
  // When the login is over, in milliseconds since the Unix epoch.
  int64_t expires_at_ms;
} active_backchannel;

// What a program needs for a login at an API it never heard of, beside the client, which active_exchange_take_client gives. Lent until the exchange's
// next step. Grows at its end only.
typedef struct {
  // What to ask for, for active_client_authorize and active_client_push: this API as resource, and the scope where there is one.
  const active_pair *parameters;
  // How many.
  size_t parameter_count;
  // The scopes among them: what the refusal named, else what the API knows; NULL where nobody named any.
  const char *scope;
  // The API, as it describes itself. Never NULL.
  const active_document *resource;
  // The registration that was made on the way, a secret; NULL where none was needed. Keep its json, or there will be another one each time.
  const active_document *registration;
  // The authorization server's record (no secret), for active_client_new_from_registration or _from_record at the next start. Never NULL.
  const char *record;
  // The client's id. Never NULL.
  const char *client_id;
} active_admission;

// A signed text whose signature active_verify_jws has checked. Its claims were not: issuer, audience and times are the program's to check. Lent until
// the exchange's next step. Grows at its end only.
typedef struct {
  // The algorithm it was signed by. Never NULL.
  const char *algorithm;
  // The kid in its header; NULL where there is none.
  const char *key_id;
  // What was signed (a JWT's claims are JSON), and a NUL behind it. Never NULL.
  const uint8_t *payload;
  // Its length in bytes, without that NUL.
  size_t payload_length;
} active_jws;

// The user that ActiveBuilding and MyBuilding tell about beside the token. Grows at its end only.
typedef struct {
  // userId. Never NULL.
  const char *user_id;
  // STAFF or RESIDENT; NULL where it is missing, like all below.
  const char *user_type;
  // email
  const char *email;
  // fullname
  const char *fullname;
  // profilePicture, a URL
  const char *profile_picture;
} active_user;

// One challenge of a WWW-Authenticate (RFC 9110 §11.6.1), from a server that nobody has trusted yet: open no URL of it. Grows at its end only.
typedef struct {
  // The scheme as it was written ("Bearer", "DPoP"); its case means nothing. Never NULL.
  const char *scheme;
  // error (RFC 6750 §3.1): "invalid_token", "insufficient_scope", "insufficient_user_authentication"; NULL where it is missing, like all below.
  const char *error;
  // error_description (RFC 6750 §3), for developers.
  const char *error_description;
  // scope (RFC 6750 §3): what a token must have to be let in, separated by blanks.
  const char *scope;
  // resource_metadata (RFC 9728 §5.1): where the API says what it is. active_access_after goes there.
  const char *resource_metadata;
  // acr_values (RFC 9470 §3): ways of logging in, one of which the user must have gone, in order of preference, separated by blanks.
  const char *acr_values;
  // max_age (RFC 9470 §3): how many seconds ago the user may have logged in at most; -1 where it is missing or no number.
  int64_t max_age_s;
  // realm (RFC 9110 §11.5).
  const char *realm;
  // The bare token of "Negotiate YWJj==" and its like (RFC 9110 §11.2).
  const char *token68;
  // All parameters, names in lower case, in order.
  const active_pair *parameters;
  // How many.
  size_t parameter_count;
} active_challenge;

// Is told of each new token of a session, after it was stored. `token` is lent for the call.
typedef void (*active_changed)(void *context, const active_token *token);

// Is told of each renewal that failed, also where a token that is still valid hid it from the callers. `error` is lent for the call.
typedef void (*active_failed)(void *context, const active_error *error);

// Signs `message`: writes the raw JWS signature (RFC 7518 §3; for ECDSA r and s behind each other, not DER) to `signature`, which has room for
// `*signature_length` bytes, and its length to `*signature_length`. Gives 0, and anything else where it cannot sign.
typedef int (*active_sign)(void *context,
                           const uint8_t *message,
                           size_t message_length,
                           uint8_t *signature,
                           size_t *signature_length);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The library's version, for example "0.1.0". Never NULL; lives for ever.
const char *active_version(void);

// The time by the library's own clock, which is used wherever `now` is NULL. Never fails.
active_now active_clock(void);

// A client of a built-in provider: "activebuilding", "mybuilding", "buildpass" or "honeywell". Never NULL. Free it with active_client_free,
// at any time: exchanges keep what they need.
active_client *active_client_new(const char *provider,
                                 const char *client_id);

// A client of any provider, described by its record (JSON). Never NULL; what is wrong with the record is told, with its place, by the first
// step of an exchange. Free it with active_client_free.
active_client *active_client_new_from_record(const char *record,
                                             const char *client_id);

// A client of your own that is as that one: what is set on one of them afterwards changes nothing of the other. They share the server's keys that were
// read, so whoever carries one's requests decides what both believe: where the copy's agent trusts others than the first one's, give it keys of its own by
// active_client_server_algorithms. NULL for NULL. Free it with active_client_free.
active_client *active_client_copy(const active_client *client);

// Frees a client, and wipes its secret. NULL is harmless.
void active_client_free(active_client *client);

// The client's secret.
void active_client_secret(active_client *client, const char *secret);

// Another client authentication than the provider's record says: "basic", "basic_raw", "post", "none", "client_secret_jwt",
// "private_key_jwt" with active_client_key, or "tls_client_auth" or "self_signed_tls_client_auth" with an agent that shows a certificate.
void active_client_auth(active_client *client,
                        const char *auth);

// This client's agent shows a certificate although it authenticates otherwise, or not at all: the server binds its tokens to the certificate
// (RFC 8705 section 3), so they are good with such an agent alone.
void active_client_certificate_bound(active_client *client);

// Another body of token requests than the provider's record says: "form" or "json".
void active_client_body(active_client *client, const char *body);

// A profile that this client keeps to: "oauth_2_1" (RFC 9700), or "fapi_2_0" (FAPI 2.0 Security Profile), which has all of the former. What it forbids is
// ACTIVE_USAGE before anything is sent, and says which rule that is and what to do instead. Without one nothing of it is asked.
void active_client_policy(active_client *client,
                          const char *policy);

// Another host than the provider's record says ("https://localhost:8443"). MyBuilding needs one.
void active_client_base(active_client *client, const char *base);

// Signs every authorization request of this client with the key of active_client_key (JAR, RFC 9101), pushed or in the URL, so that nobody on
// the way changes it.
void active_client_signed_requests(active_client *client);

// Fills {name} in the record's endpoints, for example a tenant's name.
void active_client_variable(active_client *client, const char *name, const char *value);

// Lets this client talk plain http to a loopback address, for a test server without TLS. Never to any other host.
void active_client_danger_allow_plain_http_to_loopback(active_client *client);

// Who carries this client's requests; the process's default agent where it is NULL or never called.
void active_client_agent(active_client *client, active_agent *agent);

// Asks for a token by a grant with these parameters: "client_credentials" (scope, …), "password" (username, password), "authorization_code"
// (code, redirect_uri; but active_client_callback does the whole of it), "refresh_token" (refresh_token; see active_client_refresh), another
// one's URI ("urn:ietf:params:oauth:grant-type:token-exchange"), and any other parameter that the provider wants. Never NULL; what is wrong is told by its first step. Free it with active_exchange_free.
active_exchange *active_client_token(const active_client *client,
                                     const char *grant,
                                     const active_pair *parameters,
                                     size_t count);

// Renews a token by its refresh token; it fails as ACTIVE_EXPIRED where the token has none. Its step gives ACTIVE_SAVE with the new token,
// then ACTIVE_DONE. Never NULL. Free it with active_exchange_free.
active_exchange *active_client_refresh(const active_client *client,
                                       const active_token *token);

// Renews a token by its refresh token, and where it has none by repeating this grant, as for active_client_token. Its step gives ACTIVE_SAVE with the new
// token, then ACTIVE_DONE. Never NULL. Free it with active_exchange_free.
active_exchange *active_client_renew(const active_client *client,
                                     const active_token *token,
                                     const char *grant,
                                     const active_pair *parameters,
                                     size_t count);

// An API call with a token that may have died: renewed once, and the call repeated once. `target` is a path below the provider's API
// or a URL of the same origin. Complete it with active_exchange_query, _header, _form, _body and _renew_by before its first step.
// Never NULL. Free it with active_exchange_free.
active_exchange *active_client_call(const active_client *client,
                                    const active_token *token,
                                    const char *method,
                                    const char *target);

// Who stores a renewed token while active_exchange_run runs; without one a renewed token is only readable afterwards. `save` is called on
// the thread that runs; it must return (no longjmp, no C++ exception), and must not use this exchange.
void active_exchange_on_save(active_exchange *exchange,
                             active_save save,
                             void *context);

// Who is asked while active_exchange_run and active_exchange_carry wait whether to stop, as a language's runtime is that lets its signal handlers run there.
// NULL changes nothing. `context` must live until the exchange is freed.
void active_exchange_on_wait(active_exchange *exchange,
                             active_wait wait,
                             void *context);

// Runs an exchange to its end with the client's agent: ACTIVE_DONE or ACTIVE_FAILED. Blocks, within the agent's limits.
active_step active_exchange_run(active_exchange *exchange);

// Goes one step further; `now` NULL is the library's clock. Never blocks.
active_step active_exchange_step(active_exchange *exchange, const active_now *now);

// Carries the request of the last ACTIVE_SEND with the client's agent, and receives its outcome. Blocks, within the agent's limits.
void active_exchange_carry(active_exchange *exchange);

// Does what the last ACTIVE_STORE asked for. Blocks for as long as the store takes, some seconds at most; how it went is told by the next step.
// Harmless where nothing is to be done. A step without it asks for the same again.
void active_exchange_store(active_exchange *exchange);

// Hands in the answer to the request of the last ACTIVE_SEND. Everything is copied.
void active_exchange_receive(active_exchange *exchange,
                             int status,
                             const active_pair *headers,
                             size_t header_count,
                             const void *body,
                             size_t body_length);

// Hands in that there is no answer. `may_have_been_sent` is 0 only where no byte of the request can have left. `cause` is one of name, connect,
// tls, certificate, timeout, cut, too_large, protocol, proxy, cancelled, other; `detail` is for people, without secrets. Any other word is "other"; NULL is "other" and "".
void active_exchange_no_answer(active_exchange *exchange,
                               bool may_have_been_sent,
                               const char *cause,
                               const char *detail);

// Ends what an exchange is doing, from any thread or a signal handler: its run or carry fails within about 100 ms as ACTIVE_NO_ANSWER with
// the code "cancelled", and so does any that comes later. The handle must not be freed meanwhile.
void active_exchange_cancel(const active_exchange *exchange);

// The request of the last ACTIVE_SEND; NULL where there is none.
const active_request *active_exchange_request(active_exchange *exchange);

// The pause of the last ACTIVE_WAIT, in milliseconds.
int64_t active_exchange_wait_ms(active_exchange *exchange);

// Why the last step failed; NULL where none did, or where the exchange itself is NULL.
const active_error *active_exchange_error(active_exchange *exchange);

// Frees an exchange, and wipes what it lent. NULL is harmless.
void active_exchange_free(active_exchange *exchange);

// The newest token that this exchange was given: after ACTIVE_SAVE, after ACTIVE_DONE, and after a failure too. NULL where there is none.
const active_token *active_exchange_token(active_exchange *exchange);

// A call's answer after ACTIVE_DONE; NULL for other exchanges.
const active_answer *active_exchange_answer(active_exchange *exchange);

// What a call's answer asks for in its WWW-Authenticate, after ACTIVE_DONE; NULL for other exchanges.
const active_challenges *active_exchange_challenges(active_exchange *exchange);

// What the server said after ACTIVE_DONE; NULL where the exchange does not end with a document.
const active_document *active_exchange_document(active_exchange *exchange);

// The device login that ACTIVE_DONE brought; NULL for other exchanges.
const active_device *active_exchange_device(active_exchange *exchange);

// The backchannel login that ACTIVE_DONE brought; NULL for other exchanges.
const active_backchannel *active_exchange_backchannel(active_exchange *exchange);

// The login that an active_client_push has brought. It is yours: free it with active_login_free. NULL where there is none, or it was taken.
active_login *active_exchange_take_login(active_exchange *exchange);

// The record of the provider that active_provider_discover found, as JSON (no secret), for active_client_new_from_record; NULL for other exchanges.
const char *active_exchange_record(active_exchange *exchange);

// What active_access_after has brought; NULL for other exchanges.
const active_admission *active_exchange_admission(active_exchange *exchange);

// The client that active_access_after has brought. It is yours: free it with active_client_free. NULL where there is none, or it was taken.
active_client *active_exchange_take_client(active_exchange *exchange);

// What active_verify_jws has checked; NULL for other exchanges.
const active_jws *active_exchange_jws(active_exchange *exchange);

// The text that the exchange was begun for, as active_client_end_session_url's, active_key_sign_jwt's, active_loopback_callback's, active_client_document's
// and active_thumbprint's are; NULL for other exchanges. A secret, unless it says otherwise there.
const char *active_exchange_text(active_exchange *exchange);

// Appends name=value to a call's query.
void active_exchange_query(active_exchange *exchange, const char *name, const char *value);

// Adds a header to a call.
void active_exchange_header(active_exchange *exchange, const char *name, const char *value);

// Adds name=value to the form that is a call's body.
void active_exchange_form(active_exchange *exchange, const char *name, const char *value);

// Gives a call a body of that media type.
void active_exchange_body(active_exchange *exchange,
                          const char *content_type,
                          const void *body,
                          size_t length);

// The grant to repeat when a call's token has died and there is no refresh token. Not for a session's call: a session has its own.
void active_exchange_renew_by(active_exchange *exchange,
                              const char *grant,
                              const active_pair *parameters,
                              size_t count);

// Reads what active_token_saved wrote, in any language. Never NULL; if the text is damaged or newer, active_token_error says so, and
// so does the first step of an exchange with it. Free it with active_token_free.
active_token *active_token_restore(const char *saved);

// A token of your own, which outlives the exchange that lent it. NULL for NULL. Free it with active_token_free.
active_token *active_token_copy(const active_token *token);

// Frees a token that active_token_restore or active_token_copy gave, and wipes it. NULL is harmless. Never free a lent one.
void active_token_free(active_token *token);

// Why a token could not be restored; NULL where it could.
const active_error *active_token_error(const active_token *token);

// The token as a versioned text, for a session or a database, that any language restores. A secret. Lent like the token itself.
const char *active_token_saved(const active_token *token);

// The user the server told about; NULL where it told of none. Lent like the token itself.
const active_user *active_token_user(const active_token *token);

// The ID token that came with it (OpenID Connect Core 1.0 §2), as active_client_end_session_url takes it; NULL where there is none. Its claims
// are to be believed after active_client_id_token only. Lent like the token itself.
const char *active_token_id_token(const active_token *token);

// Any member of the server's answer by JSON pointer (RFC 6901; "/" is the member with the empty name), as JSON text: a string comes
// with its quotes. NULL where there is none. It may be a secret. Lent until the next active_token_field of this token.
const char *active_token_field(const active_token *token,
                               const char *pointer);

// Begins a login in the browser: send the user to active_login_url, keep active_login_saved in the user's own session until the callback.
// `parameters` (scope, prompt, …) go into the URL; `lifetime_ms` is how long the user may take, 0 for ten minutes; `now` NULL is the library's
// clock. A scope with "openid" has the ID token that comes back checked before the token is handed out, where the provider's record names its
// issuer and endpoints.jwks. With a response_mode ("jwt", "query.jwt", "fragment.jwt", "form_post.jwt") the server signs its answer (JARM), and one that
// is not is refused. A legacy: response_type among the parameters ("token", "code id_token") has the answer come in the fragment, where
// an ID token that comes with a code is checked before the code is sent. Never NULL; active_login_error says what was wrong. Free it with active_login_free.
active_login *active_client_authorize(const active_client *client,
                                      const char *redirect_uri,
                                      const active_pair *parameters,
                                      size_t count,
                                      int64_t lifetime_ms,
                                      const active_now *now);

// The login that an API's demand asks for (RFC 9470, active_challenges_step_up): as active_client_authorize, and the challenge's acr_values, max_age and
// scope go along beside yours. NULL for `challenge` asks for nothing more.
active_login *active_client_authorize_step_up(const active_client *client,
                                              const active_challenge *challenge,
                                              const char *redirect_uri,
                                              const active_pair *parameters,
                                              size_t count,
                                              int64_t lifetime_ms,
                                              const active_now *now);

// As active_client_authorize, but the parameters go to the provider directly, and the URL names them by a reference that it gave (pushed
// authorization requests, RFC 9126). ACTIVE_DONE brings active_exchange_take_login. Never NULL; what is wrong is told by its first step. Free it
// with active_exchange_free.
active_exchange *active_client_push(const active_client *client,
                                    const char *redirect_uri,
                                    const active_pair *parameters,
                                    size_t count,
                                    int64_t lifetime_ms,
                                    const active_now *now);

// As active_client_push, for the login that an API's demand asks for: see active_client_authorize_step_up.
active_exchange *active_client_push_step_up(const active_client *client,
                                            const active_challenge *challenge,
                                            const char *redirect_uri,
                                            const active_pair *parameters,
                                            size_t count,
                                            int64_t lifetime_ms,
                                            const active_now *now);

// Reads what active_login_saved wrote, in any language. Never NULL; active_login_error says what was wrong. Free it with active_login_free.
active_login *active_login_restore(const char *saved);

// Frees a login, and wipes it. NULL is harmless.
void active_login_free(active_login *login);

// Why the login could not be begun or restored; NULL where it could.
const active_error *active_login_error(const active_login *login);

// The URL to send the browser to; empty for a restored login. It holds the state: show it to nobody but the user. NULL for NULL.
const char *active_login_url(const active_login *login);

// Until when the server knows the URL of a pushed request, in milliseconds since the Unix epoch, often for a minute only; -1 for any other.
int64_t active_login_url_expires_at_ms(const active_login *login);

// The login as a versioned text that any language restores. A secret. NULL where it was taken already. Lent until the next call of this
// function or active_login_free.
const char *active_login_saved(active_login *login);

// Whether a callback was accepted already, so that the stored text can be deleted.
bool active_login_is_taken(const active_login *login);

// Ends a login: checks the callback's state and iss, takes the login (it works once) and exchanges the code for a token. `callback` is the
// URL the browser was sent to, or its query alone (its fragment where that was asked for, the body of the POST for form_post.jwt). A forged callback fails as ACTIVE_UNTRUSTED and leaves the login open. Never NULL. Free it
// with active_exchange_free.
active_exchange *active_client_callback(const active_client *client,
                                        active_login *login,
                                        const char *callback);

// A session of that client, as it is now, with the token in this store:
//
// - NULL or "memory:": in this session's own memory; "memory:name": in that of the process which has this name.
// - "file:/directory?key_file=/path": in files of that directory, encrypted, for all processes of this machine; also "?key=keyring", "?key=" with
//   32 bytes in base64 or hexadecimal digits, or "?danger_unencrypted=yes".
// - "keyring:": in the keyring of the user's desktop.
// - "redis://host:port", "rediss://…" (with TLS) or "unix:/path": in Redis or Valkey, for all machines.
//
// The name may hold a secret, and no error shows it. It may block while a key is read. Never NULL; what is wrong with the store, with the client or
// with the setting up is told by active_session_error and by the first step of each exchange. Free it with active_session_free, at any time: exchanges keep what they need.
active_session *active_session_new(const active_client *client,
                                   const char *store);

// Frees a session when no thread uses this handle any more. Exchanges begun on it go on. NULL is harmless.
void active_session_free(active_session *session);

// The grant to repeat, with all its parameters, where there is no token to renew: as for active_client_token, but neither
// "authorization_code" nor "refresh_token", which work once. Without a grant the session lives on what active_session_login gave it.
void active_session_grant(active_session *session,
                          const char *grant,
                          const active_pair *parameters,
                          size_t count);

// Whose token it is, where the grant doesn't say: any text that tells this user from the others in the store.
void active_session_user(active_session *session, const char *user);

// What to do while the store can't be reached and a token is needed: "fail" (the default) as ACTIVE_STORE_FAILED, or go on "alone": repeat the
// grant without the others. A token at hand that is still valid goes on being used either way.
void active_session_when_away(active_session *session,
                              const char *policy);

// How long before its end a token is renewed, in milliseconds: 60000 unless set, and never more than half of its lifetime.
void active_session_margin_ms(active_session *session,
                              int64_t milliseconds);

// The longest that one request may take, in milliseconds, where the program carries requests by other means than its agent, whose own it is unless set. A
// store's lock is taken for twice as long, at most 30 s more.
void active_session_deadline_ms(active_session *session,
                                int64_t milliseconds);

// Who is told of new tokens; NULL is nobody. It is called on the thread that steps the exchange which renewed, by several threads at once if they
// do; it must return soon (no longjmp, no C++ exception) and use neither that exchange nor a lock which waits for it. `context` must live until the
// session and its exchanges are freed.
void active_session_on_change(active_session *session,
                              active_changed changed,
                              void *context);

// Who is told of failed renewals; NULL is nobody. As active_session_on_change.
void active_session_on_error(active_session *session, active_failed failed, void *context);

// What is wrong with a session, as its exchanges would tell; NULL where nothing is. It ends the setting up, as the first exchange does. Lent
// until active_session_free.
const active_error *active_session_error(const active_session *session);

// Under which name the store keeps the token: 64 hexadecimal digits, the same in every process and language, to find the file or the key by. NULL where
// something is wrong with the session; it ends the setting up, as the first exchange does. Lent until active_session_free.
const char *active_session_key(const active_session *session);

// A good token: the one at hand, another process's from the store, or a new one. Of all threads that find it over, one asks the provider and the
// others wait (ACTIVE_WAIT) and share its end. Its token is stored before it is handed out, so ACTIVE_SAVE never comes. Any thread may begin
// one at any time. Never NULL. Free it with active_exchange_free.
active_exchange *active_session_token(const active_session *session);

// An API call with a good token; where the API says that it's dead it is renewed once, for all threads, and the call repeated once. To be
// completed as active_client_call's. Never NULL. Free it with active_exchange_free.
active_exchange *active_session_call(const active_session *session,
                                     const char *method,
                                     const char *target);

// Puts a token into the store, in place of whatever is there: the end of a login in the browser. ACTIVE_DONE says that it's there, and lends it.
// Never NULL. Free it with active_exchange_free.
active_exchange *active_session_login(const active_session *session,
                                      const active_token *token);

// Takes the token out of the store and forgets it. It isn't revoked at the provider. ACTIVE_DONE says that it's gone; no token is lent.
// Never NULL. Free it with active_exchange_free.
active_exchange *active_session_logout(const active_session *session);

// Forgets that the provider refused, so that the next exchange asks it again: after somebody repaired it there.
void active_session_forget_refusals(const active_session *session);

// Copies the Authorization header's value of the token at hand ("Bearer …", a secret) to `buffer` with a NUL at its end, if that token is good
// now: gives its length in bytes without the NUL. If `size` is not larger than that nothing is copied. 0 means that there is something
// to do: run active_session_token. It takes no lock, allocates nothing and doesn't touch the store; any number of threads may ask at once.
size_t active_session_authorization(const active_session *session,
                                    char *buffer,
                                    size_t size);

// An agent with safe defaults: bundled roots, no proxy, 30 s for a request of which 10 s to connect, 1 MiB for an answer.
// Free it with active_agent_free, at any time: clients keep what they need.
active_agent *active_agent_new(void);

// Frees an agent. NULL is harmless.
void active_agent_free(active_agent *agent);

// Whom to trust: "bundled" (Mozilla's list, the default) or "system" (the machine's own, or those in the file that SSL_CERT_FILE names).
void active_agent_roots(active_agent *agent,
                        const char *which);

// Trusts exactly the certificates in this PEM text of `length` bytes.
void active_agent_roots_pem(active_agent *agent, const char *pem, size_t length);

// Trusts exactly the certificates in this PEM file, at most 4 MiB of it, read now.
void active_agent_roots_file(active_agent *agent, const char *path);

// The certificate that this agent shows to servers that ask for one (RFC 8705): PEM of `length` bytes, with its intermediates behind it, and PEM of its
// private key, which must not be encrypted; `key` may be NULL where the first text holds it too. Every server that asks sees it, so give the agent to
// the clients of that certificate and to no others: to those of auth "tls_client_auth" or "self_signed_tls_client_auth", or of
// active_client_certificate_bound.
void active_agent_certificate_pem(active_agent *agent,
                                  const char *chain,
                                  size_t length,
                                  const char *key,
                                  size_t key_length);

// As active_agent_certificate_pem, with both read from files now; `key_path` may be NULL where the first file holds the key too.
void active_agent_certificate_file(active_agent *agent,
                                   const char *path,
                                   const char *key_path);

// "none" (the default), "environment" (HTTPS_PROXY, ALL_PROXY, NO_PROXY; never HTTP_PROXY), or a proxy's URL, http://host:port with
// user:password@ before the host where it wants them. Loopback addresses are always reached directly.
void active_agent_proxy(active_agent *agent,
                        const char *proxy);

// How long one request may take in all, in milliseconds: name, connection, TLS, sending and the answer's last byte. 30000 unless set.
void active_agent_deadline_ms(active_agent *agent,
                              int64_t milliseconds);

// How long name look-up, connection and TLS may take, in milliseconds. 10000 unless set.
void active_agent_connect_timeout_ms(active_agent *agent, int64_t milliseconds);

// How long a connection may rest before another takes its place, in milliseconds: 15000 unless set, at most 5 minutes.
void active_agent_idle_ms(active_agent *agent,
                          int64_t milliseconds);

// How large an answer may be after decompression, in bytes. 1048576 unless set.
void active_agent_max_body(active_agent *agent, size_t length);

// The User-Agent header; "active/<version>" unless set.
void active_agent_user_agent(active_agent *agent, const char *user_agent);

// A document of your own, which outlives the exchange that lent it. NULL for NULL. Free it with active_document_free.
active_document *active_document_copy(const active_document *document);

// Frees a document that active_document_copy gave, and wipes it. NULL is harmless. Never free a lent one.
void active_document_free(active_document *document);

// Any member of a document by JSON pointer (RFC 6901): "/active". As JSON text: a string comes with its quotes. NULL where there is none. It
// may be a secret. Lent until the next active_document_field of this document.
const char *active_document_field(const active_document *document,
                                  const char *pointer);

// Revokes a token at the provider (RFC 7009): the refresh token, and with it all that came of the same login, or where there is none the access
// token. A token that the server does not know is revoked already. ACTIVE_DONE says that it is, and its document is empty. Never NULL. Free
// it with active_exchange_free.
active_exchange *active_client_revoke(const active_client *client,
                                      const active_token *token);

// Asks the provider what it knows of an access token (RFC 7662): active_exchange_document, whose "/active" is true or false. Never NULL. Free
// it with active_exchange_free.
active_exchange *active_client_introspect(const active_client *client,
                                          const active_token *token);

// Asks the provider the same, and wants the answer signed (RFC 9701): checked by the server's published keys, so that nobody on the way can have said it.
// The server gives such answers to clients that are registered for them; one that is not signed is ACTIVE_UNTRUSTED. Never NULL. Free it with
// active_exchange_free.
active_exchange *active_client_introspect_signed(const active_client *client,
                                                 const active_token *token);

// Asks the provider who logged in (OpenID Connect Core 1.0 §5.3): active_exchange_document, whose "/sub" is the user's name at this provider.
// It is about the token's user only where that is the "sub" of the ID token, too. Never NULL. Free it with active_exchange_free.
active_exchange *active_client_userinfo(const active_client *client,
                                        const active_token *token);

// Reads what an authorization server says of itself (RFC 8414, OpenID Connect Discovery 1.0): `issuer` is its identifier, an https URL without
// query and fragment. ACTIVE_DONE brings active_exchange_record. A document of another issuer is ACTIVE_UNTRUSTED. `agent` carries the requests;
// NULL is the process's default agent. Never NULL; what is wrong is told by its first step. Free it with active_exchange_free.
active_exchange *active_provider_discover(const char *issuer,
                                          active_agent *agent);

// Asks an API what it is (RFC 9728): `resource` is its identifier, an https URL. ACTIVE_DONE brings active_exchange_document: "/resource" is
// what to ask tokens for, "/authorization_servers/0" an issuer for active_provider_discover. A document of another API is ACTIVE_UNTRUSTED. `agent`
// as for active_provider_discover. Never NULL. Free it with active_exchange_free.
active_exchange *active_resource_discover(const char *resource,
                                          active_agent *agent);

// Asks an API what it is at the place that its refusal names (RFC 9728 §5.1), which may be on another host: `headers` are those of the refusal, and its
// WWW-Authenticate counts. Where it names none this is active_resource_discover, and it ends as that does. Never NULL. Free it with active_exchange_free.
active_exchange *active_resource_challenged(const char *resource,
                                            const active_pair *headers,
                                            size_t header_count,
                                            active_agent *agent);

// The document to publish at `client_id`, an https URL, as application/json, so that servers can read who a client is without registration:
// `metadata` (a JSON object: redirect_uris, client_name, …) with the id put in, checked. It must hold no secret and be no larger than 5 KiB.
// ACTIVE_DONE, which its first step gives, brings it as active_exchange_text (no secret); active_access_client_document takes its URL. Never NULL. Free it
// with active_exchange_free.
active_exchange *active_client_document(const char *client_id,
                                        const char *metadata);

// Registers a client (RFC 7591) at the provider of this record (JSON): `metadata` is a JSON object of redirect_uris, grant_types,
// token_endpoint_auth_method and others; `initial_access_token` is what the server demands where not everybody may register, NULL for none.
// ACTIVE_DONE brings active_exchange_document, a secret: keep its json, active_client_new_from_registration reads it. Every time it runs another
// client comes to be. `agent` as for active_provider_discover. Never NULL. Free it with active_exchange_free.
active_exchange *active_provider_register(const char *record,
                                          const char *metadata,
                                          const char *initial_access_token,
                                          active_agent *agent);

// Reads what the server knows of a client now (RFC 7592 §2.1): `registration` is the json that active_provider_register brought, or one of these
// three functions after it. ACTIVE_DONE brings active_exchange_document, a secret, whose json takes its place: keep it, secret and tokens may be new.
// `record` and `agent` as for active_provider_register. Never NULL. Free it with active_exchange_free.
active_exchange *active_registration_read(const char *record,
                                          const char *registration,
                                          active_agent *agent);

// Replaces what the server knows of a client (RFC 7592 §2.2): `metadata` (JSON) is the whole of it, what it leaves out is deleted. ACTIVE_DONE
// brings what active_registration_read does; keep it. Never NULL. Free it with active_exchange_free.
active_exchange *active_registration_update(const char *record,
                                            const char *registration,
                                            const char *metadata,
                                            active_agent *agent);

// Deletes a client at the server (RFC 7592 §2.3). ACTIVE_DONE says that it is gone, and its document is empty. Never NULL. Free it with
// active_exchange_free.
active_exchange *active_registration_delete(const char *record,
                                            const char *registration,
                                            active_agent *agent);

// The client that active_provider_register made, out of the provider's record and the json of the document: its id, its secret and the way
// it was registered to authenticate. Never NULL; what is wrong is told by the first step of an exchange. Free it with active_client_free.
active_client *active_client_new_from_registration(const char *record,
                                                   const char *registration);

// Checks the ID token that came with a token (OpenID Connect Core 1.0 §3.1.3.7) by the keys that its issuer publishes: signature, issuer, audience,
// times and at_hash. ACTIVE_DONE brings its claims as active_exchange_document: "/iss" and "/sub" together are who logged in. Whatever is wrong with it
// is ACTIVE_UNTRUSTED. `nonce` is what was sent as nonce; NULL where active_client_callback checked it, which it does for a login with the scope
// "openid". The provider's record must name its issuer and endpoints.jwks, as one from active_provider_discover does. Never NULL. Free it with
// active_exchange_free.
active_exchange *active_client_id_token(const active_client *client,
                                        const active_token *token,
                                        const char *nonce);

// The URL that ends the user's session at the provider (OpenID Connect RP-Initiated Logout 1.0 §2): send the browser there. `id_token_hint` is the
// login's active_token_id_token; the browser comes back to `post_logout_redirect_uri`, registered with the provider, with `state`. Each may be NULL.
// ACTIVE_DONE, which its first step gives, brings the URL as active_exchange_text; it holds the ID token. Never NULL. Free it with active_exchange_free.
active_exchange *active_client_end_session_url(const active_client *client,
                                               const char *id_token_hint,
                                               const char *post_logout_redirect_uri,
                                               const char *state);

// Begins a login on a device without a browser (RFC 8628), with parameters as scope. ACTIVE_DONE brings active_exchange_device. Never NULL;
// what is wrong is told by its first step. Free it with active_exchange_free.
active_exchange *active_client_device(const active_client *client,
                                      const active_pair *parameters,
                                      size_t count);

// Has the provider ask a user on a device of their own (OpenID CIBA Core 1.0 §7.1): scope, one of login_hint, id_token_hint and
// login_hint_token, and perhaps binding_message, acr_values, requested_expiry, user_code. ACTIVE_DONE brings active_exchange_backchannel. Never
// NULL; what is wrong is told by its first step. Free it with active_exchange_free.
active_exchange *active_client_backchannel(const active_client *client,
                                           const active_pair *parameters,
                                           size_t count);

// Asks for the token of a device login until the user has agreed or refused, or the time is over (ACTIVE_EXPIRED). It pauses (ACTIVE_WAIT) as the
// server asks, and longer while it is silent or busy. It may be freed at any pause and begun again later, also by another process. Never NULL.
// Free it with active_exchange_free.
active_exchange *active_client_poll(const active_client *client,
                                    const active_device *device);

// The same for a backchannel login. Never NULL. Free it with active_exchange_free.
active_exchange *active_client_poll_backchannel(const active_client *client,
                                                const active_backchannel *backchannel);

// Reads what active_device_saved wrote, in any language. Never NULL; if the text is damaged or newer, active_device_error says so, and so does
// the first step of a poll with it. Free it with active_device_free.
active_device *active_device_restore(const char *saved);

// A device login of your own, which outlives the exchange that lent it. Copies share the pace that the server asks for. NULL for NULL. Free it
// with active_device_free.
active_device *active_device_copy(const active_device *device);

// Frees a device login that active_device_restore or active_device_copy gave, and wipes it. NULL is harmless. Never free a lent one.
void active_device_free(active_device *device);

// Why a device login could not be restored; NULL where it could.
const active_error *active_device_error(const active_device *device);

// The device login as a versioned text that any language restores. A secret. Saved anew after polling it holds what the server said of the
// pace. Lent until the next call of this function for the same login, or like the login itself.
const char *active_device_saved(const active_device *device);

// How many milliseconds lie between two polls at least: the server's word, 5000 without one, and more after each slow_down.
int64_t active_device_interval_ms(const active_device *device);

// As active_device_restore. Free it with active_backchannel_free.
active_backchannel *active_backchannel_restore(const char *saved);

// As active_device_copy. Free it with active_backchannel_free.
active_backchannel *active_backchannel_copy(const active_backchannel *backchannel);

// As active_device_free.
void active_backchannel_free(active_backchannel *backchannel);

// As active_device_error.
const active_error *active_backchannel_error(const active_backchannel *backchannel);

// As active_device_saved.
const char *active_backchannel_saved(const active_backchannel *backchannel);

// As active_device_interval_ms.
int64_t active_backchannel_interval_ms(const active_backchannel *backchannel);

// Begins to listen. `path` is that of the redirect URI that is registered (servers leave the port open and nothing else, RFC 8252 §7.3), NULL for
// "/callback"; `app` is the program's name, to which the page in the browser sends the user back, NULL for "the app". Never NULL; active_loopback_error says
// what was wrong. Free it with active_loopback_free, at any time.
active_loopback *active_loopback_new(const char *path,
                                     const char *app);

// Frees it, and stops listening unless an exchange waits. NULL is harmless.
void active_loopback_free(active_loopback *loopback);

// Why nothing can be waited for; NULL where it can. Lent until active_loopback_free.
const active_error *active_loopback_error(const active_loopback *loopback);

// The redirect URI of this login, with the port: "http://127.0.0.1:49152/callback", for active_client_authorize or _push. Register it without the port.
// Empty where nothing can be waited for; NULL for NULL. Lent until active_loopback_free.
const char *active_loopback_redirect_uri(const active_loopback *loopback);

// Waits for that login alone: who comes by a callback with another state (RFC 6749 §10.12) is sent away, and the wait goes on. Without it a page that guesses
// the port can use the loopback up by sending the browser there; no token comes of that, and neither does a login. Call it between the login's beginning and
// active_loopback_callback, whose exchange tells what was wrong with the login. The login may be freed at any time.
void active_loopback_only_for(active_loopback *loopback,
                              const active_login *login);

// Waits until the browser comes back, shows it a page that sends the user to the program, and stops listening. ACTIVE_DONE brings the URL that it came by
// as active_exchange_text: what active_client_callback takes. It holds the code, so keep it out of logs. Whatever else calls is sent away. `deadline_ms` is
// how long the user may take, a day at most: then it fails as ACTIVE_EXPIRED; active_exchange_cancel ends it before. Its steps give ACTIVE_WAIT meanwhile and
// nothing else. A loopback is waited on once. Never NULL. Free it with active_exchange_free.
active_exchange *active_loopback_callback(active_loopback *loopback,
                                          int64_t deadline_ms);

// Opens a login's URL in the user's own browser. False where this machine has none that a program may start (a server, a container), and for a URL that no
// browser should be given: it must be https, or http to loopback. Then show the URL, and the user opens it.
bool active_open_browser(const char *url);

// Reads a private key for "ES256", "RS256", "PS256" or "EdDSA" from a PEM text of `length` bytes: PKCS #8, PKCS #1 or SEC 1, not encrypted. `id`
// is the kid by which the server finds the public half; NULL for none. Never NULL; active_key_error says what was wrong. Free it with
// active_key_free, at any time: clients keep what they need.
active_key *active_key_from_pem(const char *algorithm,
                                const char *pem,
                                size_t length,
                                const char *id);

// Reads a private key as a JWK (RFC 7517), with its kid unless `id` is another. Never NULL; active_key_error says what was wrong. Free it with active_key_free.
active_key *active_key_from_jwk(const char *algorithm,
                                const char *jwk,
                                const char *id);

// A new private key for "ES256" or "EdDSA". `id` as for active_key_from_pem. Tokens that are bound to it are worthless without it: keep
// active_key_pem as long as them. Never NULL; active_key_error says what was wrong. Free it with active_key_free.
active_key *active_key_generate(const char *algorithm,
                                const char *id);

// Frees a key, and wipes its text. NULL is harmless.
void active_key_free(active_key *key);

// Why there is no key; NULL where there is one. Lent until active_key_free.
const active_error *active_key_error(const active_key *key);

// The private key that active_key_generate made, in PEM (PKCS #8): a secret, to be kept where only this program reads it. NULL for another.
// Lent until active_key_free.
const char *active_key_pem(const active_key *key);

// The public key as a JWK (no secret) with kid, alg and use, for the server to know: publish it in a set, {"keys": [...]} (RFC 7517 §5), or
// register it. NULL where there is no key, or it lives elsewhere (active_key_from_signer). Lent until active_key_free.
const char *active_key_public_jwk(const active_key *key);

// The key's thumbprint (RFC 7638; no secret): what a server binds tokens to. NULL where there is no key. Lent until active_key_free.
const char *active_key_thumbprint(const active_key *key);

// The key that the client authenticates with, where it is to do so by "private_key_jwt": it signs a fresh statement for every request.
void active_client_key(active_client *client,
                       const active_key *key);

// For whom the JWTs of client authentication are meant, where it is not as the provider's record says: "issuer" or "token_endpoint".
void active_client_assertion_audience(active_client *client,
                                      const char *audience);

// Binds the client's tokens to a key (DPoP, RFC 9449): every request carries a fresh proof of it. Keep the key as long as its tokens. A server
// that answers with a Bearer token all the same has bound it to nothing; it is used, and its deviations tell, unless active_client_dpop_required.
void active_client_dpop(active_client *client,
                        const active_key *key);

// Takes no token that is not bound to the key of active_client_dpop.
void active_client_dpop_required(active_client *client);

// A key that lives elsewhere: `sign` signs with it by `algorithm` ("ES256", "PS256", "EdDSA", …). `public_jwk` is its public half (RFC 7517), which
// active_client_dpop needs; NULL where it is for active_client_key alone. `id` is the kid by which the server finds it, NULL for the JWK's own or none.
// `sign` is called on whichever thread steps, by several at once if they do, and the step waits for it: give up in time. It must return (no longjmp, no
// C++ exception). `context` must live until the key and all clients, sessions and exchanges that have it are freed. Never NULL; active_key_error says
// what was wrong. Free it with active_key_free.
active_key *active_key_from_signer(const char *algorithm,
                                   const char *public_jwk,
                                   const char *id,
                                   active_sign sign,
                                   void *context);

// Signs claims, a JSON object, as a JWT (RFC 7519): an assertion for the grant "urn:ietf:params:oauth:grant-type:jwt-bearer" (RFC 7523), for example.
// `typ` is the header's (RFC 8725 §3.11), NULL for none. ACTIVE_DONE, which its first step gives, brings it as active_exchange_text: a secret,
// whoever has it may be able to use it. Never NULL. Free it with active_exchange_free.
active_exchange *active_key_sign_jwt(const active_key *key,
                                     const char *typ,
                                     const char *claims);

// Takes what the client's server signs (ID tokens, JARM's answers, JWT access tokens, signed introspection) by these algorithms only, separated by blanks:
// best the one that was registered (RFC 8725 §3.1), as id_token_signed_response_alg. Unless called they are "ES256 PS256 EdDSA RS256".
void active_client_server_algorithms(active_client *client,
                                     const char *algorithms);

// Checks the signature of a JWS in compact form (RFC 7515), up to 64 KiB, with the one key of the set that fits. `jwks` is the set, {"keys": [...]};
// `algorithms` are those that are taken, decided before it is looked at, separated by blanks; `typ` is what its header must say (RFC 8725 §3.11), NULL for
// any. ACTIVE_DONE, which its first step gives, brings active_exchange_jws; ACTIVE_UNTRUSTED says that it is not to be believed. A client checks its own
// server's statements by itself; this is for what else is signed, as a request object or a logout token. Never NULL. Free it with active_exchange_free.
active_exchange *active_verify_jws(const char *jws,
                                   const char *jwks,
                                   const char *algorithms,
                                   const char *typ);

// The thumbprint of a public key (RFC 7638), which is a JWK: what a token that is bound to it names as cnf.jkt. ACTIVE_DONE, which its first step gives,
// brings it as active_exchange_text (no secret). For a key of the program's own see active_key_thumbprint. Never NULL. Free it with active_exchange_free.
active_exchange *active_thumbprint(const char *jwk);

// To the API of that identifier: the URL that was called, https without a fragment. Never NULL. Free it with active_access_free.
active_access *active_access_new(const char *url);

// Frees what active_access_new gave. NULL is harmless.
void active_access_free(active_access *access);

// The URL of the program's own client-id metadata document, taken where the server reads those; it comes before registration, for nothing has to be kept.
void active_access_client_document(active_access *access,
                                   const char *url);

// What to register with (RFC 7591 §2), a JSON object, where the server reads no such documents. Every time it runs another client comes to be.
void active_access_register(active_access *access,
                            const char *metadata);

// What the server may demand before it registers a client (RFC 7591 §3). A secret.
void active_access_initial_access_token(active_access *access, const char *token);

// From the API's refusal to a client: what the API is, who issues its tokens, and how this program becomes known there. `headers` are those of the
// refusal, as active_answer has them or another library does; its WWW-Authenticate counts. ACTIVE_DONE brings active_exchange_admission and
// active_exchange_take_client, whose calls go to the API's origin and nowhere else. A server that does not check PKCE, and a document of another API or
// issuer, is ACTIVE_UNTRUSTED. `agent` carries the requests, the client's too; NULL is the process's default agent. Never NULL. Free it with
// active_exchange_free.
active_exchange *active_access_after(const active_access *access,
                                     const active_pair *headers,
                                     size_t header_count,
                                     active_agent *agent);

// Reads the challenges of an answer that another library brought, in the whole grammar of RFC 9110 §11.6.1: of these header fields those named
// WWW-Authenticate count. What is malformed is left out. Free them with active_challenges_free.
active_challenges *active_challenges_parse(const active_pair *headers,
                                           size_t header_count);

// Frees what active_challenges_parse gave. NULL is harmless. Never free lent ones.
void active_challenges_free(active_challenges *challenges);

// How many there are.
size_t active_challenges_count(const active_challenges *challenges);

// The challenge at that place, from 0; NULL where there is none. Lent like the challenges themselves.
const active_challenge *active_challenges_at(const active_challenges *challenges, size_t index);

// The challenge that wants another login (RFC 9470: insufficient_user_authentication; RFC 6750 §3.1: insufficient_scope), for
// active_client_authorize_step_up; NULL where none does. After that login call the API once more and not again and again: a server may not be able
// to give what the API wants. Lent like the challenges themselves.
const active_challenge *active_challenges_step_up(const active_challenges *challenges);

// For APIs: what a caller presented, the value of its Authorization header ("Bearer …", "DPoP …"). Nothing of it is known to be true yet: check it by
// active_client_access_token_claims, or ask by active_client_introspect. `now` NULL is the library's clock. Never NULL; active_token_error says where it is
// something else: answer 401. Free it with active_token_free.
active_token *active_client_presented(const active_client *client,
                                      const char *authorization,
                                      const active_now *now);

// For APIs: checks an access token that is a JWT (RFC 9068) by the server's published keys. ACTIVE_DONE brings its claims as active_exchange_document;
// ACTIVE_UNTRUSTED is for the caller to be answered 401. `resource` is this API's own identifier, which must be in its aud. Nothing is sent but the
// request for the keys, so an API that is no client of the server makes one of any id. What the claims allow ("/scope") is for the API to decide; where there
// is "/cnf/jkt" the token is bound to a key: let nobody in without active_client_proof_claims. Never NULL. Free it with active_exchange_free.
active_exchange *active_client_access_token_claims(const active_client *client,
                                                   const active_token *token,
                                                   const char *resource);

// For APIs: checks that the caller has the key that its token is bound to (DPoP, RFC 9449 §4.3). Ask it of every token whose claims hold "/cnf/jkt", whatever
// scheme it came by. `claims` are those of active_client_access_token_claims or of an introspection; `proof` is the value of the request's one DPoP header
// (NULL where there is none: untrusted), `method` and `url` are those of the request, as callers know them; query and fragment do not count. ACTIVE_DONE,
// which the first step gives, brings the proof's claims as active_exchange_document; ACTIVE_UNTRUSTED is for the caller to be answered 401 with
// error="invalid_dpop_proof". It was made within the last minute, by `now` (NULL is the library's clock); take each "/jti" once where a proof must not work
// twice, and compare "/nonce" where you hand out nonces. Nothing is sent. Never NULL. Free it with active_exchange_free.
active_exchange *active_client_proof_claims(const active_client *client,
                                            const active_token *token,
                                            const active_document *claims,
                                            const char *proof,
                                            const char *method,
                                            const char *url,
                                            const active_now *now);

// For APIs: whether a caller's user logged in as it takes (RFC 9470): by one of these `acr_values`, separated by blanks (NULL for any), and not longer than
// `max_age_s` seconds ago, and 30 more, since clocks differ (-1 for any). `claims` are those of active_client_access_token_claims or of an introspection; what
// they do not say was not so. `now` NULL is the library's clock. False for what is none of these.
bool active_step_up_is_met(const active_document *claims,
                           const char *acr_values,
                           int64_t max_age_s,
                           const active_now *now);

// For APIs: the value of WWW-Authenticate for the 401 where it is not met (RFC 9470 §3). `scheme` is that of the token that was presented: "Bearer" or "DPoP";
// the others as for active_step_up_is_met. ACTIVE_DONE, which its first step gives, brings it as active_exchange_text. Never NULL. Free it with
// active_exchange_free.
active_exchange *active_step_up_challenge(const char *scheme,
                                          const char *acr_values,
                                          int64_t max_age_s);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ACTIVE_H */
