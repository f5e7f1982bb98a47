/* How does a client become known, and stay it? Active\Registration. */

#include "php_active.h"

typedef struct {
	zend_string *record, *json; /* what the server says of the client, byte for byte */
	zval value;                 /* the same, decoded */
	zend_object *agent;         /* NULL is that of the ini settings */
	zend_object std;
} registration_object;

ACTIVE_OBJECT(registration_object, registration_of)
ACTIVE_NO_CONSTRUCTOR(Active_Registration)

zend_class_entry *active_registration_ce;
static active_handlers handlers;

static zval *member(registration_object *registration, const char *name)
{
	return Z_TYPE(registration->value) == IS_ARRAY ? zend_hash_str_find(Z_ARRVAL(registration->value), name, strlen(name)) : NULL;
}

void active_registration_object(zval *value, zend_string *record, zend_object *agent, zend_string *json)
{
	object_init_ex(value, active_registration_ce);
	registration_object *registration = registration_of(Z_OBJ_P(value));
	registration->record = zend_string_copy(record);
	registration->json = zend_string_copy(json);
	ZVAL_NULL(&registration->value);
	active_json_decode(&registration->value, ZSTR_VAL(json), ZSTR_LEN(json));
	registration->agent = agent;
	if (agent) {
		GC_ADDREF(agent);
	}
}

ZEND_METHOD(Active_Registration, restore)
{
	HashTable *record = NULL;
	zend_string *record_text = NULL, *saved;
	zval *agent = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 3)
		Z_PARAM_ARRAY_HT_OR_STR(record, record_text)
		Z_PARAM_STR(saved)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(agent, active_agent_ce)
	ZEND_PARSE_PARAMETERS_END();
	zend_string *given = active_record_of(record, record_text);
	if (!given) {
		RETURN_THROWS();
	}
	if (active_text(given, "provider record") && active_text(saved, "saved registration")) {
		active_registration_object(return_value, given, agent ? Z_OBJ_P(agent) : NULL, saved);
		zval *id = member(registration_of(Z_OBJ_P(return_value)), "client_id");
		if (!id || Z_TYPE_P(id) != IS_STRING) {
			zval_ptr_dtor(return_value);
			ZVAL_NULL(return_value);
			active_error_throw_usage("saved registration: this is none, it must be the text that saved() gave, a JSON object with a client_id");
		}
	}
	zend_string_release(given);
}

ZEND_METHOD(Active_Registration, saved)
{
	ZEND_PARSE_PARAMETERS_NONE();
	RETURN_STR_COPY(registration_of(Z_OBJ_P(ZEND_THIS))->json);
}

ZEND_METHOD(Active_Registration, value)
{
	ZEND_PARSE_PARAMETERS_NONE();
	zval *value = &registration_of(Z_OBJ_P(ZEND_THIS))->value;
	if (Z_TYPE_P(value) == IS_ARRAY) {
		RETURN_COPY(value);
	}
	RETURN_EMPTY_ARRAY();
}

ZEND_METHOD(Active_Registration, client)
{
	zval *key = NULL, *dpop = NULL;
	active_client_keys keys = {0};
	ZEND_PARSE_PARAMETERS_START(0, 3)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(key, active_key_ce)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(dpop, active_key_ce)
		Z_PARAM_BOOL(keys.dpop_required)
	ZEND_PARSE_PARAMETERS_END();
	registration_object *registration = registration_of(Z_OBJ_P(ZEND_THIS));
	active_fingerprint agent_key;
	active_agent *carrier = active_agent_given(registration->agent, agent_key);
	if (!carrier) {
		RETURN_THROWS();
	}
	active_digest digest;
	active_digest_begin(&digest);
	active_digest_text(&digest, "registration");
	active_digest_string(&digest, registration->record);
	active_digest_string(&digest, registration->json);
	active_digest_text(&digest, agent_key);
	keys.key = key ? Z_OBJ_P(key) : NULL;
	keys.dpop = dpop ? Z_OBJ_P(dpop) : NULL;
	active_client *client = active_client_new_from_registration(ZSTR_VAL(registration->record), ZSTR_VAL(registration->json));
	active_client_agent(client, carrier);
	zval *id = member(registration, "client_id");
	active_client_object(return_value, client, id && Z_TYPE_P(id) == IS_STRING ? Z_STR_P(id) : ZSTR_EMPTY_ALLOC(), &keys, &digest);
}

/* An exchange about a registration; `metadata` is for the one that takes it. */
static void about(INTERNAL_FUNCTION_PARAMETERS, active_exchange *(*begin)(const char *, const char *, active_agent *), bool brings_it, bool step_by_step)
{
	ZEND_PARSE_PARAMETERS_NONE();
	registration_object *registration = registration_of(Z_OBJ_P(ZEND_THIS));
	active_fingerprint key;
	active_agent *carrier = active_agent_given(registration->agent, key);
	if (!carrier) {
		RETURN_THROWS();
	}
	active_conversation talk = {.exchange = begin(ZSTR_VAL(registration->record), ZSTR_VAL(registration->json), carrier),
		.agent = registration->agent, .record = brings_it ? registration->record : NULL};
	active_exchange_go_on(return_value, talk, step_by_step, NULL);
}

ZEND_METHOD(Active_Registration, readAgain)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_registration_read, true, false);
}

ZEND_METHOD(Active_Registration, beginReadAgain)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_registration_read, true, true);
}

ZEND_METHOD(Active_Registration, delete)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_registration_delete, false, false);
	/* RFC 7592 §2.3: the answer says nothing. */
	zval_ptr_dtor(return_value);
	ZVAL_NULL(return_value);
}

ZEND_METHOD(Active_Registration, beginDelete)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_registration_delete, false, true);
}

static void update(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	HashTable *metadata;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_ARRAY_HT(metadata)
	ZEND_PARSE_PARAMETERS_END();
	registration_object *registration = registration_of(Z_OBJ_P(ZEND_THIS));
	zend_string *given = active_object_json_of(metadata, "metadata");
	active_fingerprint key;
	active_agent *carrier = given ? active_agent_given(registration->agent, key) : NULL;
	if (carrier) {
		active_conversation talk = {.agent = registration->agent, .record = registration->record};
		talk.exchange = active_registration_update(ZSTR_VAL(registration->record), ZSTR_VAL(registration->json), ZSTR_VAL(given), carrier);
		active_exchange_go_on(return_value, talk, step_by_step, NULL);
	}
	if (given) {
		zend_string_release(given);
	}
}

ZEND_METHOD(Active_Registration, update)
{
	update(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Registration, beginUpdate)
{
	update(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

static void read_text(zend_object *object, const char *name, zval *value)
{
	zval *text = member(registration_of(object), name);
	if (text && Z_TYPE_P(text) == IS_STRING) {
		ZVAL_COPY(value, text);
	}
}

static void read_client_id(zend_object *object, zval *value)
{
	read_text(object, "client_id", value);
}

static void read_client_secret(zend_object *object, zval *value)
{
	read_text(object, "client_secret", value);
}

/* RFC 7591 §3.2.1: seconds, "or 0 if it will not expire". */
static void read_client_secret_expires_at(zend_object *object, zval *value)
{
	zval *seconds = member(registration_of(object), "client_secret_expires_at");
	if (seconds && Z_TYPE_P(seconds) == IS_LONG && Z_LVAL_P(seconds) > 0 && Z_LVAL_P(seconds) <= ZEND_LONG_MAX / 1000) {
		ZVAL_LONG(value, Z_LVAL_P(seconds) * 1000);
	}
}

static void free_registration(zend_object *object)
{
	registration_object *registration = registration_of(object);
	if (registration->record) {
		zend_string_release(registration->record);
		zend_string_release(registration->json);
	}
	zval_ptr_dtor(&registration->value);
	if (registration->agent) {
		OBJ_RELEASE(registration->agent);
	}
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(registration_object, ce, &handlers);
}

void active_registration_register(void)
{
	static const active_property properties[] = {
		{"clientId", read_client_id, ACTIVE_SHOWN},
		{"clientSecret", read_client_secret, ACTIVE_SECRET},
		{"clientSecretExpiresAt", read_client_secret_expires_at, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(registration_object, std), free_registration, properties);
	active_registration_ce->create_object = create;
}
