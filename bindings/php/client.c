/* Who are we? Active\Client; what it asks for is in ask.c. */

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
	object->keys[0] = keys->key;
	object->keys[1] = keys->dpop;
	for (size_t i = 0; i < 2; i++) {
		if (object->keys[i]) {
			GC_ADDREF(object->keys[i]);
		}
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

ZEND_METHOD(Active_Client, __construct)
{
	zend_string *provider = NULL, *id, *secret = NULL, *auth = NULL, *body = NULL, *base = NULL, *audience = NULL, *policy = NULL;
	HashTable *record = NULL, *variables = NULL;
	zval *agent = NULL, *key = NULL, *dpop = NULL;
	zend_fcall_info carry = empty_fcall_info;
	zend_fcall_info_cache cache;
	bool plain_http = false, dpop_required = false, certificate_bound = false, signed_requests = false;
	ZEND_PARSE_PARAMETERS_START(2, 17)
		Z_PARAM_ARRAY_HT_OR_STR(record, provider)
		Z_PARAM_STR(id)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(secret)
		Z_PARAM_STR_OR_NULL(auth)
		Z_PARAM_STR_OR_NULL(body)
		Z_PARAM_STR_OR_NULL(base)
		Z_PARAM_ARRAY_HT(variables)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(agent, active_agent_ce)
		Z_PARAM_FUNC_OR_NULL(carry, cache)
		Z_PARAM_BOOL(plain_http)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(key, active_key_ce)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(dpop, active_key_ce)
		Z_PARAM_BOOL(dpop_required)
		Z_PARAM_STR_OR_NULL(audience)
		Z_PARAM_BOOL(certificate_bound)
		Z_PARAM_BOOL(signed_requests)
		Z_PARAM_STR_OR_NULL(policy)
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
	zend_string *all[] = {given, id, secret, auth, body, base, audience, policy};
	active_digest digest;
	active_digest_begin(&digest);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		active_digest_string(&digest, all[i]);
	}
	active_digest_bytes(&digest, &plain_http, sizeof(plain_http));
	active_digest_bytes(&digest, &certificate_bound, sizeof(certificate_bound));
	active_digest_bytes(&digest, &signed_requests, sizeof(signed_requests));
	if (active_text(given, "provider") && active_text(id, "client_id")) {
		object->client = by_record ? active_client_new_from_record(ZSTR_VAL(given), ZSTR_VAL(id)) : active_client_new(ZSTR_VAL(given), ZSTR_VAL(id));
		object->provider = by_record ? zend_string_init("record", 6, 0) : zend_string_copy(given);
		object->id = zend_string_copy(id);
	}
	zend_string_release(given);
	active_client *client = object->client;
	if (!client || !set(client, secret, "client_secret", active_client_secret) || !set(client, auth, "auth", active_client_auth)
	    || !set(client, body, "body", active_client_body) || !set(client, base, "base", active_client_base)
	    || !set(client, audience, "assertionAudience", active_client_assertion_audience) || !set(client, policy, "policy", active_client_policy)
	    || !set_variables(client, variables, &digest) || !set_agent(client, agent, &digest)) {
		RETURN_THROWS();
	}
	active_client_keys keys = {key ? Z_OBJ_P(key) : NULL, dpop ? Z_OBJ_P(dpop) : NULL, dpop_required};
	set_keys(object, &keys, &digest);
	active_digest_end(&digest, object->key);
	if (certificate_bound) {
		active_client_certificate_bound(client);
	}
	if (signed_requests) {
		active_client_signed_requests(client);
	}
	if (plain_http) {
		active_client_danger_allow_plain_http_to_loopback(client);
	}
	if (ZEND_FCI_INITIALIZED(carry)) {
		ZVAL_COPY(&object->carry, &carry.function_name);
	}
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
