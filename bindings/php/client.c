/* Who are we? Active\Client; what it asks for is in ask.c and authorize.c. */

#include "php_active.h"

typedef struct {
	active_client *client;
	zend_string *provider, *id;
	zval carry;
	zend_object *keys[2]; /* what signs lives as long as who signs with it */
	active_fingerprint key;
	zend_object std;
} client_object;

ACTIVE_OBJECT(client_object, client_of)

zend_class_entry *active_client_ce;
static active_handlers handlers;

const active_client *active_client_of(zend_object *client)
{
	return client_of(client)->client;
}

zval *active_client_carry(zend_object *client)
{
	return &client_of(client)->carry;
}

const char *active_client_fingerprint(zend_object *client)
{
	return client_of(client)->key;
}

bool active_client_ends_with_request(zend_object *client)
{
	client_object *object = client_of(client);
	bool signs = false;
	for (size_t i = 0; i < 2; i++) {
		signs = signs || (object->keys[i] && active_key_is_elsewhere(object->keys[i]));
	}
	return signs || Z_TYPE(object->carry) != IS_UNDEF;
}

/* A name, or JSON, of which the library says what is wrong with it? */
static bool is_record(zend_string *provider)
{
	char first = ZSTR_VAL(provider)[strspn(ZSTR_VAL(provider), " \t\r\n")];
	return first == '{' || first == '[';
}

/* Gives one setting, where there is one; false after a Usage. */
static bool set(active_client *client, zend_string *text, const char *what, void (*setter)(active_client *, const char *))
{
	if (!text) {
		return true;
	}
	if (!active_text(text, what)) {
		return false;
	}
	setter(client, ZSTR_VAL(text));
	return true;
}

static bool set_variables(active_client *client, HashTable *variables, active_digest *digest)
{
	active_texts texts;
	if (!active_texts_of(&texts, variables, "variables")) {
		return false;
	}
	for (size_t i = 0; i < texts.count; i++) {
		active_client_variable(client, texts.pairs[i].name, texts.pairs[i].value);
	}
	active_digest_texts(digest, &texts);
	active_texts_free(&texts);
	return true;
}

static bool set_agent(active_client *client, zval *agent, active_digest *digest)
{
	active_fingerprint key;
	active_agent *carrier = active_agent_given(agent ? Z_OBJ_P(agent) : NULL, key);
	if (carrier) {
		active_client_agent(client, carrier);
		active_digest_text(digest, key);
	}
	return carrier != NULL;
}

static void keep(zend_object **place, zend_object *key)
{
	if (key) {
		GC_ADDREF(key);
		active_exchange_forget(place);
		*place = key;
	}
}

/* A key tells itself from others by its public half, its id included. */
static void set_keys(client_object *object, const active_client_keys *keys, active_digest *digest)
{
	if (keys->key) {
		active_client_key(object->client, active_key_of(keys->key));
	}
	if (keys->dpop) {
		active_client_dpop(object->client, active_key_of(keys->dpop));
	}
	if (keys->dpop_required) {
		active_client_dpop_required(object->client);
	}
	keep(&object->keys[0], keys->key);
	keep(&object->keys[1], keys->dpop);
	for (size_t i = 0; i < 2; i++) {
		active_digest_text(digest, object->keys[i] ? active_key_public_jwk(active_key_of(object->keys[i])) : NULL);
	}
	active_digest_bytes(digest, &keys->dpop_required, sizeof(keys->dpop_required));
}

void active_client_object(zval *value, active_client *client, zend_string *id, const active_client_keys *keys, active_digest *digest)
{
	object_init_ex(value, active_client_ce);
	client_object *object = client_of(Z_OBJ_P(value));
	object->client = client;
	object->provider = zend_string_init("record", 6, 0);
	object->id = zend_string_copy(id);
	set_keys(object, keys, digest);
	active_digest_end(digest, object->key);
}

/* What is said of a client beside its provider and its id; what is NULL or false is left out. */
typedef struct {
	zend_string *secret, *auth, *body, *base, *audience, *policy, *algorithms;
	HashTable *variables, *algorithm_list;
	zval *agent, *key, *dpop;
	zend_fcall_info carry;
	bool plain_http, dpop_required, certificate_bound, signed_requests;
} settings;

#define SETTINGS 16
#define Z_PARAM_SETTINGS(given, cache) \
	Z_PARAM_STR_OR_NULL((given).secret) \
	Z_PARAM_STR_OR_NULL((given).auth) \
	Z_PARAM_STR_OR_NULL((given).body) \
	Z_PARAM_STR_OR_NULL((given).base) \
	Z_PARAM_ARRAY_HT((given).variables) \
	Z_PARAM_OBJECT_OF_CLASS_OR_NULL((given).agent, active_agent_ce) \
	Z_PARAM_FUNC_OR_NULL((given).carry, cache) \
	Z_PARAM_BOOL((given).plain_http) \
	Z_PARAM_OBJECT_OF_CLASS_OR_NULL((given).key, active_key_ce) \
	Z_PARAM_OBJECT_OF_CLASS_OR_NULL((given).dpop, active_key_ce) \
	Z_PARAM_BOOL((given).dpop_required) \
	Z_PARAM_STR_OR_NULL((given).audience) \
	Z_PARAM_BOOL((given).certificate_bound) \
	Z_PARAM_BOOL((given).signed_requests) \
	Z_PARAM_STR_OR_NULL((given).policy) \
	Z_PARAM_ARRAY_HT_OR_STR_OR_NULL((given).algorithm_list, (given).algorithms)

static bool set_texts(active_client *client, const settings *given, active_digest *digest)
{
	zend_string *all[] = {given->secret, given->auth, given->body, given->base, given->audience, given->policy};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		active_digest_string(digest, all[i]);
	}
	return set(client, given->secret, "client_secret", active_client_secret) && set(client, given->auth, "auth", active_client_auth)
	    && set(client, given->body, "body", active_client_body) && set(client, given->base, "base", active_client_base)
	    && set(client, given->audience, "assertionAudience", active_client_assertion_audience) && set(client, given->policy, "policy", active_client_policy);
}

static bool set_algorithms(active_client *client, const settings *given, active_digest *digest)
{
	bool any = given->algorithms || given->algorithm_list;
	zend_string *words = any ? active_words_of(given->algorithm_list, given->algorithms, "serverAlgorithms") : NULL;
	active_digest_string(digest, words);
	if (words) {
		active_client_server_algorithms(client, ZSTR_VAL(words));
		zend_string_release(words);
	}
	return !any || words;
}

static void switch_on(active_client *client, bool on, void (*setter)(active_client *), active_digest *digest)
{
	active_digest_bytes(digest, &on, sizeof(on));
	if (on) {
		setter(client);
	}
}

/* Puts them on a client, whose digest ends here; false after an exception. */
static bool put_on(client_object *object, const settings *given, active_digest *digest)
{
	active_client *client = object->client;
	if (!set_texts(client, given, digest) || !set_variables(client, given->variables, digest) || !set_algorithms(client, given, digest)) {
		return false;
	}
	switch_on(client, given->certificate_bound, active_client_certificate_bound, digest);
	switch_on(client, given->signed_requests, active_client_signed_requests, digest);
	switch_on(client, given->plain_http, active_client_danger_allow_plain_http_to_loopback, digest);
	active_client_keys keys = {given->key ? Z_OBJ_P(given->key) : NULL, given->dpop ? Z_OBJ_P(given->dpop) : NULL, given->dpop_required};
	set_keys(object, &keys, digest);
	if (ZEND_FCI_INITIALIZED(given->carry)) {
		zval_ptr_dtor(&object->carry);
		ZVAL_COPY(&object->carry, &given->carry.function_name);
	}
	active_digest_end(digest, object->key);
	return true;
}

ZEND_METHOD(Active_Client, __construct)
{
	zend_string *provider = NULL, *id;
	HashTable *record = NULL;
	settings wanted = {.carry = empty_fcall_info};
	zend_fcall_info_cache cache;
	ZEND_PARSE_PARAMETERS_START(2, 2 + SETTINGS)
		Z_PARAM_ARRAY_HT_OR_STR(record, provider)
		Z_PARAM_STR(id)
		Z_PARAM_OPTIONAL
		Z_PARAM_SETTINGS(wanted, cache)
	ZEND_PARSE_PARAMETERS_END();

	zend_string *given = active_record_of(record, provider);
	if (!given) {
		RETURN_THROWS();
	}
	/* Only now: a record's own jsonSerialize() may have called this, too. */
	client_object *object = client_of(Z_OBJ_P(ZEND_THIS));
	if (object->client) {
		zend_string_release(given);
		zend_throw_error(NULL, "Active\\Client is made already");
		RETURN_THROWS();
	}
	bool by_record = record || is_record(given);
	active_digest digest;
	active_digest_begin(&digest);
	active_digest_string(&digest, given);
	active_digest_string(&digest, id);
	if (active_text(given, "provider") && active_text(id, "client_id")) {
		object->client = by_record ? active_client_new_from_record(ZSTR_VAL(given), ZSTR_VAL(id)) : active_client_new(ZSTR_VAL(given), ZSTR_VAL(id));
		object->provider = by_record ? zend_string_init("record", 6, 0) : zend_string_copy(given);
		object->id = zend_string_copy(id);
	}
	zend_string_release(given);
	if (!object->client || !set_agent(object->client, wanted.agent, &digest) || !put_on(object, &wanted, &digest)) {
		RETURN_THROWS();
	}
}

/* A client of its own whose settings are those of this one, but for some. */
ZEND_METHOD(Active_Client, replace)
{
	settings wanted = {.carry = empty_fcall_info};
	zend_fcall_info_cache cache;
	ZEND_PARSE_PARAMETERS_START(0, SETTINGS)
		Z_PARAM_OPTIONAL
		Z_PARAM_SETTINGS(wanted, cache)
	ZEND_PARSE_PARAMETERS_END();
	client_object *from = client_of(Z_OBJ_P(ZEND_THIS));
	/* Its constructor did not come to its end. */
	if (!*from->key) {
		active_error_throw_usage("client: its constructor has not run");
		RETURN_THROWS();
	}
	zval value;
	object_init_ex(&value, active_client_ce);
	client_object *object = client_of(Z_OBJ(value));
	object->client = active_client_copy(from->client);
	object->provider = zend_string_copy(from->provider);
	object->id = zend_string_copy(from->id);
	ZVAL_COPY(&object->carry, &from->carry);
	keep(&object->keys[0], from->keys[0]);
	keep(&object->keys[1], from->keys[1]);
	active_digest digest;
	active_digest_begin(&digest);
	active_digest_text(&digest, from->key);
	if ((!wanted.agent || set_agent(object->client, wanted.agent, &digest)) && put_on(object, &wanted, &digest)) {
		RETURN_COPY_VALUE(&value);
	}
	zval_ptr_dtor(&value);
}

ZEND_METHOD(Active_Client, document)
{
	zend_string *id, *text = NULL;
	HashTable *metadata = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 2)
		Z_PARAM_STR(id)
		Z_PARAM_ARRAY_HT_OR_STR(metadata, text)
	ZEND_PARSE_PARAMETERS_END();
	zend_string *given = metadata ? active_object_json_of(metadata, "metadata") : zend_string_copy(text);
	if (!given) {
		RETURN_THROWS();
	}
	if (active_text(id, "client_id") && active_text(given, "metadata")) {
		active_exchange_go_on(return_value, (active_conversation) {.exchange = active_client_document(ZSTR_VAL(id), ZSTR_VAL(given))}, false, NULL);
	}
	zend_string_release(given);
}

static void read_provider(zend_object *object, zval *value)
{
	if (client_of(object)->provider) {
		ZVAL_STR_COPY(value, client_of(object)->provider);
	}
}

static void read_id(zend_object *object, zval *value)
{
	if (client_of(object)->id) {
		ZVAL_STR_COPY(value, client_of(object)->id);
	}
}

/* The callables may hold the client. */
static HashTable *get_gc(zend_object *object, zval **table, int *count)
{
	client_object *client = client_of(object);
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	zend_get_gc_buffer_add_zval(buffer, &client->carry);
	for (size_t i = 0; i < 2; i++) {
		if (client->keys[i]) {
			zend_get_gc_buffer_add_obj(buffer, client->keys[i]);
		}
	}
	zend_get_gc_buffer_use(buffer, table, count);
	return NULL;
}

static void free_client(zend_object *object)
{
	client_object *client = client_of(object);
	active_client_free(client->client);
	if (client->id) {
		zend_string_release(client->provider);
		zend_string_release(client->id);
	}
	zval_ptr_dtor(&client->carry);
	for (size_t i = 0; i < 2; i++) {
		if (client->keys[i]) {
			OBJ_RELEASE(client->keys[i]);
		}
	}
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(client_object, ce, &handlers);
}

void active_client_register(void)
{
	static const active_property properties[] = {
		{"provider", read_provider, ACTIVE_SHOWN},
		{"id", read_id, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(client_object, std), free_client, properties);
	handlers.std.get_gc = get_gc;
	active_client_ce->create_object = create;
}
