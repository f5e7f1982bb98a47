/* What do the files of the extension share?
 *
 * One C file per class; each declares here what the others need of it. The library's own header is <active.h>. */

#ifndef PHP_ACTIVE_H
#define PHP_ACTIVE_H

#ifdef HAVE_CONFIG_H
# include "config.h"
#endif

#include "php.h"
#include "zend_exceptions.h"
#include "zend_smart_str.h"
#include "ext/hash/php_hash.h"
#include "ext/hash/php_hash_sha.h"
#include <active.h>

#define PHP_ACTIVE_VERSION "0.1.0"

extern zend_module_entry active_module_entry;
#define phpext_active_ptr &active_module_entry

ZEND_BEGIN_MODULE_GLOBALS(active)
	/* The ini settings of the agent that clients without one use. */
	char *roots;
	char *proxy;
	/* The store of sessions that name none. */
	char *store;
	/* Agents and sessions that outlive the PHP request, by the SHA-256 of all that they are made of. */
	HashTable agents;
	HashTable sessions;
	/* Counts the uses of sessions, to know which was used last. */
	uint64_t uses;
	/* Where to note what a session tells during a step; NULL where nobody listens. */
	zval *news;
	/* How a callable ended within the library, which must be left before PHP goes on: with the end of the program (no memory, no time), or by throwing. */
	bool over;
	zend_object *thrown;
ZEND_END_MODULE_GLOBALS(active)
ZEND_EXTERN_MODULE_GLOBALS(active)
#define ACTIVE_G(v) ZEND_MODULE_GLOBALS_ACCESSOR(active, v)
#if defined(ZTS) && defined(COMPILE_DL_ACTIVE)
ZEND_TSRMLS_CACHE_EXTERN()
#endif

/* object.c: objects whose properties are read-only and read by functions, so that nothing prints a secret. */

typedef enum {
	ACTIVE_SHOWN,  /* var_dump shows it */
	ACTIVE_SECRET, /* var_dump shows that there is one */
} active_visibility;

typedef struct {
	const char *name;
	void (*read)(zend_object *object, zval *value);
	active_visibility visibility;
} active_property;

typedef struct {
	zend_object_handlers std; /* first: an object's handlers are a pointer to this */
	const active_property *properties;
} active_handlers;

void active_handlers_init(active_handlers *handlers, size_t offset, zend_object_free_obj_t free_obj, const active_property *properties);
zend_object *active_object_new(zend_class_entry *ce, size_t size, const active_handlers *handlers);

/* Defines the struct's allocation, and how to get from the zend_object to it. */
#define ACTIVE_OBJECT(type, name) \
	static inline type *name(zend_object *object) \
	{ \
		return (type *)((char *)object - XtOffsetOf(type, std)); \
	}
#define ACTIVE_NEW(type, ce, handlers) active_object_new((ce), sizeof(type), (handlers))
#define ACTIVE_NO_CONSTRUCTOR(class) \
	ZEND_METHOD(class, __construct) \
	{ \
		ZEND_PARSE_PARAMETERS_NONE(); \
	}

/* texts.c: what may cross the border into the library. */

/* Names and values, lent to the library. */
typedef struct {
	active_pair *pairs;
	size_t count;
	size_t room;
	zend_string **kept; /* what the pairs point at */
	size_t kept_count;
} active_texts;

/* The text, or NULL after a Usage was thrown because C would see half of it. */
const char *active_text(zend_string *text, const char *what);
/* A map of name => value; a list as value repeats the name. NULL is an empty one. False after an exception. */
bool active_texts_of(active_texts *texts, HashTable *map, const char *what);
/* The same for the parameters of a request to the provider, of which some have JSON as their value: claims, authorization_details. */
bool active_parameters_of(active_texts *texts, HashTable *parameters, const char *what);
/* Words of a list, or those in a text, separated by blanks. NULL after an exception. */
zend_string *active_words_of(HashTable *list, zend_string *text, const char *what);
/* Headers as PSR-7 has them (name => values), as lines ("Name: value") or as pairs. */
bool active_texts_of_headers(active_texts *texts, HashTable *headers, const char *what);
void active_texts_free(active_texts *texts);
/* Header fields as PSR-7 has them, names in lower case. */
void active_headers_array(zval *array, const active_pair *headers, size_t count);
zend_string *active_bytes(const void *bytes, size_t length);
void active_string_or_null(zval *value, const char *text);
/* "a, b" as ['a', 'b']. */
void active_list_of(zval *value, const char *texts);
/* Appends the JSON of a value; false where it has none, or after an exception. */
bool active_json_encode(smart_str *text, zval *value, int flags);
/* JSON of an array. NULL after an exception. */
zend_string *active_json_of(HashTable *array, const char *what);
/* The same where it is to be an object: an array without a member is one, too. */
zend_string *active_object_json_of(HashTable *array, const char *what);

/* digest.c: what two configurations that are the same have in common. */

#define ACTIVE_FINGERPRINT_LENGTH 64
typedef char active_fingerprint[ACTIVE_FINGERPRINT_LENGTH + 1];
typedef PHP_SHA256_CTX active_digest;
void active_digest_begin(active_digest *digest);
void active_digest_bytes(active_digest *digest, const void *bytes, size_t length);
void active_digest_text(active_digest *digest, const char *text); /* may be NULL */
void active_digest_string(active_digest *digest, zend_string *text); /* may be NULL */
void active_digest_texts(active_digest *digest, const active_texts *texts);
void active_digest_end(active_digest *digest, active_fingerprint key);

/* error.c */

extern zend_class_entry *active_error_ce, *active_usage_ce, *active_refused_ce, *active_garbled_ce, *active_untrusted_ce, *active_expired_ce,
	*active_no_answer_ce, *active_store_error_ce;
void active_error_register(void);
/* What the library says as an exception that is not thrown; `renewed` (may be NULL) is a token that must not be lost. */
void active_error_object(zval *value, const active_error *error, const active_token *renewed);
/* Throws it. */
void active_error_throw(const active_error *error, const active_token *renewed);
void active_error_throw_usage(const char *format, ...) ZEND_ATTRIBUTE_FORMAT(printf, 1, 2);
void active_error_throw_expired(const char *message);
void active_error_throw_untrusted(const char *message);
/* As the library says that a wait was cancelled. */
void active_error_throw_cancelled(void);
void active_error_throw_garbled(const char *message, int status, zend_string *body);
/* Hands an exception of the carrying callable to the exchange, as no answer. */
void active_error_to_no_answer(zend_object *exception, active_exchange *exchange);

/* now.c */

extern zend_class_entry *active_now_ce;
/* The time in an Active\Now; NULL for NULL, which is the library's clock. */
const active_now *active_now_of(zend_object *now, active_now *place);

/* agent.c */

extern zend_class_entry *active_agent_ce;
void active_agent_register(void);
/* Both give the key of its settings, too. */
active_agent *active_agent_of(zend_object *agent, active_fingerprint key);
/* The agent that the ini settings describe. */
active_agent *active_agent_default(active_fingerprint key);
void active_agents_start(HashTable *agents);

/* token.c, user.c, login.c */

extern zend_class_entry *active_token_ce, *active_user_ce, *active_login_ce;
void active_token_register(void);
void active_token_object(zval *value, active_token *token); /* takes the token */
const active_token *active_token_of(zend_object *token);
void active_user_register(void);
void active_user_object(zval *value, const active_user *user);
void active_login_register(void);
void active_login_object(zval *value, active_login *login); /* takes the login */
active_login *active_login_of(zend_object *login);

/* document.c, approval.c, key.c, jws.c, provider.c, registration.c, access.c, challenge.c, step_up.c, loopback.c */

extern zend_class_entry *active_document_ce, *active_device_ce, *active_backchannel_ce, *active_key_ce, *active_jws_ce, *active_provider_ce, *active_resource_ce,
	*active_registration_ce, *active_access_ce, *active_admission_ce, *active_challenge_ce, *active_step_up_ce, *active_loopback_ce;
void active_document_register(void);
void active_document_object(zval *value, active_document *document); /* takes the document */
const active_document *active_document_of(zend_object *document);
/* JSON that the library gave, as PHP has it; untouched where it is deeper than PHP decodes. */
void active_json_decode(zval *value, const char *json, size_t length);
void active_approval_register(void);
void active_device_object(zval *value, active_device *device); /* takes the device */
const active_device *active_device_of(zend_object *device);
void active_backchannel_object(zval *value, active_backchannel *backchannel); /* takes the backchannel */
const active_backchannel *active_backchannel_of(zend_object *backchannel);
void active_key_register(void);
const active_key *active_key_of(zend_object *key);
void active_jws_register(void);
void active_jws_object(zval *value, const active_jws *jws);
/* Whether a callable of this PHP request signs. */
bool active_key_is_elsewhere(zend_object *key);
/* A provider's record as JSON; NULL after an exception. */
zend_string *active_record_of(HashTable *record, zend_string *text);
/* The agent that was given, or that of the ini settings; NULL after an exception. */
active_agent *active_agent_given(zend_object *agent, active_fingerprint key);
void active_registration_register(void);
/* `agent` may be NULL. */
void active_registration_object(zval *value, zend_string *record, zend_object *agent, zend_string *json);
void active_access_register_classes(void);
void active_admission_object(zval *value, const active_admission *admission, active_client *client, zend_object *agent); /* takes the client */
void active_challenge_register(void);
void active_step_up_register(void);
void active_loopback_register(void);
/* A WWW-Authenticate, a string or a list of them or neither, as the headers of a refusal. False after an exception. */
bool active_refusal_of(active_texts *texts, HashTable *several, zend_string *one);
/* The challenges in it, and the one that wants another login; nothing after an exception. */
void active_challenges_array(zval *value, HashTable *several, zend_string *one);
void active_challenge_step_up(zval *value, HashTable *several, zend_string *one);
const active_challenge *active_challenge_of(zend_object *challenge);

/* request.c, reply.c, step.c */

extern zend_class_entry *active_request_ce, *active_reply_ce, *active_step_ce, *active_send_ce, *active_save_ce, *active_wait_ce,
	*active_store_ce;
void active_request_register(void);
void active_request_object(zval *value, const active_request *request);
void active_reply_register(void);
void active_reply_object(zval *value, const active_answer *answer, const active_token *renewed, zend_object *token);
void active_step_register(void);
void active_step_send(zval *value, const active_request *request);
void active_step_save(zval *value, const active_token *token);
void active_step_wait(zval *value, int64_t milliseconds);
void active_step_store(zval *value);

/* client.c */

extern zend_class_entry *active_client_ce;
void active_client_register(void);
/* The library's client; NULL where the constructor failed. */
const active_client *active_client_of(zend_object *client);
/* The client's carrying callable; undefined where it has none. */
zval *active_client_carry(zend_object *client);
/* The key of all that the client is made of, secret and agent included, but for its callables. */
const char *active_client_fingerprint(zend_object *client);
/* Whether it lives on callables, and so ends with the PHP request. */
bool active_client_ends_with_request(zend_object *client);
/* What a client has beside what made it. */
typedef struct {
	zend_object *key, *dpop; /* may be NULL */
	bool dpop_required;
} active_client_keys;
/* Takes a client that came of a registration or an admission, and the digest of all that it was made of. */
void active_client_object(zval *value, active_client *client, zend_string *id, const active_client_keys *keys, active_digest *digest);

/* session.c */

extern zend_class_entry *active_session_ce;
void active_session_register(void);
void active_sessions_start(HashTable *sessions);

/* Who is told of a session's new tokens and failed renewals. */
typedef struct {
	zval on_change, on_error; /* undefined where there is none */
} active_hooks;
const active_hooks *active_session_hooks(zend_object *session);

/* call.c: an API call out of the arguments of Client::call, Session::call and their like. */

typedef struct {
	zend_string *method, *target;
	HashTable *query, *headers, *form, *renew_by;
	zval *json;
	zend_string *body, *content_type;
} active_call;

/* Completes a call that was just begun; frees it, and gives false, after an exception. */
bool active_call_complete(active_exchange *begun, const active_call *call);
/* The grant that renewBy names, and its parameters. */
typedef struct {
	zend_string *name;
	active_texts parameters;
} active_grant;
/* False after an exception. */
bool active_grant_of(active_grant *grant, HashTable *renew_by);
void active_grant_free(active_grant *grant);
/* Whether method and target can go into the library. */
bool active_call_is_text(const active_call *call);

/* exchange.c */

extern zend_class_entry *active_exchange_ce;
void active_exchange_register(void);

/* An exchange and what it needs while it lives. All but the exchange may be NULL. */
typedef struct {
	active_exchange *exchange;
	zend_object *client;  /* whose callable carries, if it has one; whose keys sign */
	zend_object *session; /* whose callables are told */
	zend_object *token;   /* the one that a call was made with */
	zend_object *key;     /* which signs, where no client does */
	zend_object *agent;   /* of what comes of it: a registration, an admitted client; NULL is that of the ini settings */
	zend_string *record;  /* of the provider whose document about a client this brings */
	zend_object *lost;    /* what a callable threw: the previous of the error that follows */
	bool stepping;        /* whether the library is at work on it */
	bool cancelled;       /* whether the program has ended it */
	bool telling;         /* whether a session's callables are told of a step that was not handed out yet */
	/* A login that was restored from a text, the text, and the variable that held it (a reference): it gets it back where the callback turns out to be forged. */
	active_login *login;
	zend_string *saved;
	zval variable;
} active_conversation;

/* Takes the exchange, the login, its text and the variable, and hands it out as an Active\Exchange or steps it to its end. `save` (may be NULL) stores a renewed token. */
void active_exchange_go_on(zval *value, active_conversation talk, bool step_by_step, zval *save);
void active_exchange_forget(zend_object **object);

/* callables.c: what PHP does in the midst of the library. */

/* An active_sign; its context is the callable. */
int active_callable_signs(void *callable, const uint8_t *message, size_t message_length, uint8_t *signature, size_t *signature_length);
/* An active_wait, which lets the handlers of signals (pcntl) run; its context is NULL. */
int active_callables_wait(void *context);
/* Waits so long. False after an exception: a handler of a signal may end it, by throwing or by Exchange::cancel(). */
bool active_callables_nap(const active_conversation *talk, int64_t milliseconds);
/* To be called when a function of the library that may sign or carry was left. What the callable threw, to be released by the caller. */
zend_object *active_callables_left(void);
/* Makes a session tell; to be called before its first exchange is begun. */
void active_hooks_set(active_session *session);
/* A step, after which a session's callables have been called; what they threw is an exception now. */
active_step active_callables_step(active_conversation *talk, const active_now *now);

#endif
