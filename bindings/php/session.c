/* Who shares one good token, and for how long? Active\Session.
 *
 * The library's sessions are kept for the life of the process (of the thread in a ZTS build), by the SHA-256 of everything they are made of:
 * the client with its secret and its agent, grant, parameters, user and store. So a worker goes on with the token that an earlier PHP request
 * got, and two sites share one only where they could have got each other's anyway. One whose client carries or signs by a callable is not kept:
 * nobody can tell whether two callables are the same, and they end with the PHP request. */

#include "php_active.h"
#include "ext/standard/url.h"

/* A program that has a session for each user has many. When there are more, the one that was used longest ago goes. */
#define MOST_SESSIONS 256
/* Most headers are shorter. */
#define USUAL_HEADER 2048

/* Held by the table and by objects; the last to let go frees it. */
typedef struct {
	active_session *session;
	uint32_t holders;
	uint64_t used;
} kept_session;

typedef struct {
	kept_session *kept;
	zend_object *client;
	active_hooks hooks;
	zend_object std;
} session_object;

/* What the constructor was given. */
typedef struct {
	const char *store;
	zend_string *grant, *user, *when_away;
	active_texts parameters;
	int64_t margin_ms, deadline_ms; /* 0 is the agent's own */
} wanted_session;

ACTIVE_OBJECT(session_object, session_of)

zend_class_entry *active_session_ce;
static active_handlers handlers;

static void let_go(kept_session *kept)
{
	if (kept && --kept->holders == 0) {
		active_session_free(kept->session);
		free(kept);
	}
}

static void release(zval *kept)
{
	let_go(Z_PTR_P(kept));
}

void active_sessions_start(HashTable *sessions)
{
	zend_hash_init(sessions, 8, NULL, release, 1);
}

static active_session *build(const active_client *client, const wanted_session *wanted)
{
	active_session *session = active_session_new(client, wanted->store);
	if (wanted->grant) {
		active_session_grant(session, ZSTR_VAL(wanted->grant), wanted->parameters.pairs, wanted->parameters.count);
	}
	if (wanted->user) {
		active_session_user(session, ZSTR_VAL(wanted->user));
	}
	if (wanted->when_away) {
		active_session_when_away(session, ZSTR_VAL(wanted->when_away));
	}
	active_session_margin_ms(session, wanted->margin_ms);
	if (wanted->deadline_ms) {
		active_session_deadline_ms(session, wanted->deadline_ms);
	}
	active_hooks_set(session);
	return session;
}

static void key_of(zend_object *client, const wanted_session *wanted, active_fingerprint key)
{
	active_digest digest;
	active_digest_begin(&digest);
	active_digest_text(&digest, active_client_fingerprint(client));
	active_digest_text(&digest, wanted->store);
	active_digest_string(&digest, wanted->grant);
	active_digest_string(&digest, wanted->user);
	active_digest_string(&digest, wanted->when_away);
	active_digest_bytes(&digest, &wanted->margin_ms, sizeof(wanted->margin_ms));
	active_digest_bytes(&digest, &wanted->deadline_ms, sizeof(wanted->deadline_ms));
	active_digest_texts(&digest, &wanted->parameters);
	active_digest_end(&digest, key);
}

static void make_room(HashTable *sessions)
{
	if (zend_hash_num_elements(sessions) < MOST_SESSIONS) {
		return;
	}
	zend_string *name, *oldest = NULL;
	uint64_t used = UINT64_MAX;
	kept_session *kept;
	ZEND_HASH_FOREACH_STR_KEY_PTR(sessions, name, kept) {
		if (kept->used < used) {
			used = kept->used;
			oldest = name;
		}
	} ZEND_HASH_FOREACH_END();
	if (oldest) {
		zend_hash_del(sessions, oldest);
	}
}

/* One more holder of the session that is wanted. */
static kept_session *hold(zend_object *client, const wanted_session *wanted)
{
	HashTable *sessions = &ACTIVE_G(sessions);
	active_fingerprint key;
	key_of(client, wanted, key);
	kept_session *kept = zend_hash_str_find_ptr(sessions, key, ACTIVE_FINGERPRINT_LENGTH);
	if (!kept) {
		kept = pemalloc(sizeof(*kept), 1);
		kept->session = build(active_client_of(client), wanted);
		kept->holders = 0;
		/* A client whose constructor did not come to its end has no key. What could not be set up is tried again by the next PHP request:
		 * somebody may have repaired its store by then. */
		bool has_key = *active_client_fingerprint(client) && !active_client_ends_with_request(client);
		if (has_key && !active_session_error(kept->session)) {
			make_room(sessions);
			kept->holders = 1;
			zend_hash_str_add_new_ptr(sessions, key, ACTIVE_FINGERPRINT_LENGTH, kept);
		}
	}
	kept->holders++;
	kept->used = ++ACTIVE_G(uses);
	return kept;
}

/* How a store reads what is encoded in a part of its name: php_raw_url_decode, or as a form's. */
typedef size_t decode(char *text, size_t length);

/* A part of a store's name; false where open_basedir is against it. */
static bool may_open(const char *part, size_t length, decode *decoded)
{
	char *path = estrndup(part, length);
	decoded(path, length);
	bool may = php_check_open_basedir_ex(path, 0) == 0;
	efree(path);
	return may;
}

/* key_file, ca_file, …: whatever else is encoded, a name may be, too. */
static bool names_file(const char *part, size_t length)
{
	char *name = estrndup(part, length);
	length = php_url_decode(name, length);
	bool names = length >= 5 && memcmp(name + length - 5, "_file", 5) == 0;
	efree(name);
	return names;
}

static bool may_open_files(const char *query, decode *decoded)
{
	while (*query) {
		size_t length = strcspn(query, "&"), name = strcspn(query, "=&");
		if (name < length && names_file(query, name) && !may_open(query + name + 1, length - name - 1, decoded)) {
			return false;
		}
		query += length + (query[length] == '&');
	}
	return true;
}

/* A store of files lies where the script may write, as all files of the script do; so do its keys and sockets. */
static bool is_within_basedir(const char *store)
{
	if (!PG(open_basedir) || !*PG(open_basedir)) {
		return true;
	}
	const char *query = store + strcspn(store, "?");
	bool is_file = strncmp(store, "file:", 5) == 0, is_path = is_file || strncmp(store, "unix:", 5) == 0;
	const char *path = is_path ? store + 5 : store;
	if (is_path && strncmp(path, "//", 2) == 0) {
		path += 2;
		/* A user and password may stand before a socket's path. */
		path += is_file ? 0 : strcspn(path, "/?");
	}
	if ((!is_path || may_open(path, query - path, php_raw_url_decode))
	    && (!*query || may_open_files(query + 1, is_file ? php_raw_url_decode : php_url_decode))) {
		return true;
	}
	active_error_throw_usage("store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it");
	return false;
}

/* The store's name, or that of the ini setting; false after a Usage. */
static bool set_store(wanted_session *wanted, zend_string *store)
{
	if (store) {
		wanted->store = active_text(store, "store");
		return wanted->store && is_within_basedir(wanted->store);
	}
	wanted->store = ACTIVE_G(store) && *ACTIVE_G(store) ? ACTIVE_G(store) : "memory:";
	return is_within_basedir(wanted->store);
}

static bool are_texts(const wanted_session *wanted)
{
	return (!wanted->grant || active_text(wanted->grant, "grant")) && (!wanted->user || active_text(wanted->user, "user"))
	    && (!wanted->when_away || active_text(wanted->when_away, "whenAway"));
}

static void keep(zval *place, const zend_fcall_info *callable)
{
	if (ZEND_FCI_INITIALIZED(*callable)) {
		ZVAL_COPY(place, &callable->function_name);
	}
}

const active_hooks *active_session_hooks(zend_object *session)
{
	return &session_of(session)->hooks;
}

ZEND_METHOD(Active_Session, __construct)
{
	zval *client;
	zend_string *store = NULL;
	HashTable *parameters = NULL;
	double margin = 60.0, deadline = 0.0;
	bool no_deadline = true;
	wanted_session wanted = {0};
	zend_fcall_info on_change = empty_fcall_info, on_error = empty_fcall_info;
	zend_fcall_info_cache cache;
	ZEND_PARSE_PARAMETERS_START(1, 10)
		Z_PARAM_OBJECT_OF_CLASS(client, active_client_ce)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(store)
		Z_PARAM_STR_OR_NULL(wanted.grant)
		Z_PARAM_ARRAY_HT(parameters)
		Z_PARAM_STR_OR_NULL(wanted.user)
		Z_PARAM_STR(wanted.when_away)
		Z_PARAM_DOUBLE(margin)
		Z_PARAM_FUNC_OR_NULL(on_change, cache)
		Z_PARAM_FUNC_OR_NULL(on_error, cache)
		Z_PARAM_DOUBLE_OR_NULL(deadline, no_deadline)
	ZEND_PARSE_PARAMETERS_END();
	/* Written so that NAN fails too. */
	if (!(margin >= 0.0 && margin <= 24 * 3600.0)) {
		active_error_throw_usage("margin: must be seconds, from 0 to a day");
		RETURN_THROWS();
	}
	wanted.margin_ms = (int64_t) (margin * 1000);
	if (!no_deadline && !(deadline >= 0.001 && deadline <= 3600.0)) {
		active_error_throw_usage("deadline: must be seconds, from 0.001 to an hour");
		RETURN_THROWS();
	}
	wanted.deadline_ms = no_deadline ? 0 : (int64_t) (deadline * 1000);
	if (!wanted.grant && parameters && zend_hash_num_elements(parameters)) {
		active_error_throw_usage("parameters: there is no grant that they belong to");
		RETURN_THROWS();
	}
	if (!set_store(&wanted, store) || !are_texts(&wanted) || !active_parameters_of(&wanted.parameters, parameters, "parameters")) {
		RETURN_THROWS();
	}
	/* Only now: a parameter's own __toString() may have called this, too. */
	session_object *object = session_of(Z_OBJ_P(ZEND_THIS));
	if (object->kept) {
		zend_throw_error(NULL, "Active\\Session is made already");
	} else {
		object->kept = hold(Z_OBJ_P(client), &wanted);
		object->client = Z_OBJ_P(client);
		GC_ADDREF(object->client);
		keep(&object->hooks.on_change, &on_change);
		keep(&object->hooks.on_error, &on_error);
	}
	active_texts_free(&wanted.parameters);
}

/* The session behind an object; NULL after an exception, where its constructor never ran. */
static session_object *made(zend_object *session)
{
	session_object *object = session_of(session);
	if (!object->kept) {
		active_error_throw_usage("session: its constructor has not run");
		return NULL;
	}
	return object;
}

static void go_on(zval *return_value, session_object *object, active_exchange *exchange, bool step_by_step)
{
	active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange, .client = object->client, .session = &object->std}, step_by_step, NULL);
}

static void token(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	ZEND_PARSE_PARAMETERS_NONE();
	session_object *object = made(Z_OBJ_P(ZEND_THIS));
	if (object) {
		go_on(return_value, object, active_session_token(object->kept->session), step_by_step);
	}
}

ZEND_METHOD(Active_Session, token)
{
	token(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Session, beginToken)
{
	token(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

static void call(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	active_call given = {0};
	ZEND_PARSE_PARAMETERS_START(2, 8)
		Z_PARAM_STR(given.method)
		Z_PARAM_STR(given.target)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(given.query)
		Z_PARAM_ARRAY_HT(given.headers)
		Z_PARAM_ARRAY_HT_OR_NULL(given.form)
		Z_PARAM_ZVAL(given.json)
		Z_PARAM_STR_OR_NULL(given.body)
		Z_PARAM_STR(given.content_type)
	ZEND_PARSE_PARAMETERS_END();
	session_object *object = made(Z_OBJ_P(ZEND_THIS));
	if (!object || !active_call_is_text(&given)) {
		RETURN_THROWS();
	}
	active_exchange *exchange = active_session_call(object->kept->session, ZSTR_VAL(given.method), ZSTR_VAL(given.target));
	if (!active_call_complete(exchange, &given)) {
		RETURN_THROWS();
	}
	go_on(return_value, object, exchange, step_by_step);
}

ZEND_METHOD(Active_Session, call)
{
	call(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Session, beginCall)
{
	call(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

static void login(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zval *token;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_OBJECT_OF_CLASS(token, active_token_ce)
	ZEND_PARSE_PARAMETERS_END();
	session_object *object = made(Z_OBJ_P(ZEND_THIS));
	if (!object) {
		RETURN_THROWS();
	}
	active_exchange *exchange = active_session_login(object->kept->session, active_token_of(Z_OBJ_P(token)));
	go_on(return_value, object, exchange, step_by_step);
	if (!step_by_step) {
		zval_ptr_dtor(return_value);
		RETURN_NULL();
	}
}

ZEND_METHOD(Active_Session, login)
{
	login(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Session, beginLogin)
{
	login(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

static void logout(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	ZEND_PARSE_PARAMETERS_NONE();
	session_object *object = made(Z_OBJ_P(ZEND_THIS));
	if (object) {
		go_on(return_value, object, active_session_logout(object->kept->session), step_by_step);
	}
}

ZEND_METHOD(Active_Session, logout)
{
	logout(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Session, beginLogout)
{
	logout(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

ZEND_METHOD(Active_Session, authorization)
{
	ZEND_PARSE_PARAMETERS_NONE();
	session_object *object = made(Z_OBJ_P(ZEND_THIS));
	if (!object) {
		RETURN_THROWS();
	}
	char usual[USUAL_HEADER];
	size_t length = active_session_authorization(object->kept->session, usual, sizeof(usual));
	if (length == 0) {
		RETURN_NULL();
	}
	if (length < sizeof(usual)) {
		RETURN_STRINGL(usual, length);
	}
	zend_string *value = zend_string_alloc(length, 0);
	/* In a ZTS build another thread has a session of its own, so it is still the same token. */
	if (active_session_authorization(object->kept->session, ZSTR_VAL(value), length + 1) != length) {
		zend_string_efree(value);
		RETURN_NULL();
	}
	RETURN_STR(value);
}

ZEND_METHOD(Active_Session, forgetRefusals)
{
	ZEND_PARSE_PARAMETERS_NONE();
	session_object *object = made(Z_OBJ_P(ZEND_THIS));
	if (object) {
		active_session_forget_refusals(object->kept->session);
	}
}

static void read_client(zend_object *object, zval *value)
{
	if (session_of(object)->client) {
		ZVAL_OBJ_COPY(value, session_of(object)->client);
	}
}

static void read_key(zend_object *object, zval *value)
{
	kept_session *kept = session_of(object)->kept;
	active_string_or_null(value, kept ? active_session_key(kept->session) : NULL);
}

/* Its callables, and the client's, may hold the session. */
static HashTable *get_gc(zend_object *object, zval **table, int *count)
{
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	if (session_of(object)->client) {
		zend_get_gc_buffer_add_obj(buffer, session_of(object)->client);
	}
	zend_get_gc_buffer_add_zval(buffer, &session_of(object)->hooks.on_change);
	zend_get_gc_buffer_add_zval(buffer, &session_of(object)->hooks.on_error);
	zend_get_gc_buffer_use(buffer, table, count);
	return NULL;
}

static void free_session(zend_object *object)
{
	session_object *session = session_of(object);
	let_go(session->kept);
	if (session->client) {
		OBJ_RELEASE(session->client);
	}
	zval_ptr_dtor(&session->hooks.on_change);
	zval_ptr_dtor(&session->hooks.on_error);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(session_object, ce, &handlers);
}

void active_session_register(void)
{
	static const active_property properties[] = {
		{"client", read_client, ACTIVE_SHOWN},
		{"key", read_key, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(session_object, std), free_session, properties);
	handlers.std.get_gc = get_gc;
	active_session_ce->create_object = create;
}
