/* How does a program get from an API's 401 to a client that can log a user in? Active\Access, and the Active\Admission that it ends with. */

#include "php_active.h"

typedef struct {
	active_access *access;
	zend_object std;
} access_object;

ACTIVE_OBJECT(access_object, access_of)

typedef struct {
	zval client, resource, registration, parameters;
	zend_string *scope, *record;
	zend_object std;
} admission_object;

ACTIVE_OBJECT(admission_object, admission_of)
ACTIVE_NO_CONSTRUCTOR(Active_Admission)

zend_class_entry *active_access_ce, *active_admission_ce;
static active_handlers access_handlers, admission_handlers;

ZEND_METHOD(Active_Access, __construct)
{
	zend_string *url, *document = NULL, *token = NULL;
	HashTable *metadata = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 4)
		Z_PARAM_STR(url)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(document)
		Z_PARAM_ARRAY_HT_OR_NULL(metadata)
		Z_PARAM_STR_OR_NULL(token)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(url, "url") || (document && !active_text(document, "clientDocument")) || (token && !active_text(token, "initialAccessToken"))) {
		RETURN_THROWS();
	}
	zend_string *given = metadata ? active_object_json_of(metadata, "register") : NULL;
	if (metadata && !given) {
		RETURN_THROWS();
	}
	/* Only now: the metadata's own jsonSerialize() may have called this, too. */
	access_object *object = access_of(Z_OBJ_P(ZEND_THIS));
	if (object->access) {
		zend_throw_error(NULL, "Active\\Access is made already");
	} else {
		object->access = active_access_new(ZSTR_VAL(url));
		if (document) {
			active_access_client_document(object->access, ZSTR_VAL(document));
		}
		if (given) {
			active_access_register(object->access, ZSTR_VAL(given));
		}
		if (token) {
			active_access_initial_access_token(object->access, ZSTR_VAL(token));
		}
	}
	if (given) {
		zend_string_release(given);
	}
}

static void after(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	HashTable *several = NULL;
	zend_string *one = NULL;
	zval *agent = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 2)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT_OR_STR_OR_NULL(several, one)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(agent, active_agent_ce)
	ZEND_PARSE_PARAMETERS_END();
	active_texts texts;
	if (!active_refusal_of(&texts, several, one)) {
		RETURN_THROWS();
	}
	active_fingerprint key;
	zend_object *by = agent ? Z_OBJ_P(agent) : NULL;
	active_agent *carrier = active_agent_given(by, key);
	if (carrier) {
		active_exchange *exchange = active_access_after(access_of(Z_OBJ_P(ZEND_THIS))->access, texts.pairs, texts.count, carrier);
		active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange, .agent = by}, step_by_step, NULL);
	}
	active_texts_free(&texts);
}

ZEND_METHOD(Active_Access, after)
{
	after(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Access, beginAfter)
{
	after(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

/* The client is at this provider for this API, and carries by this agent. */
static void client_object(zval *value, const active_admission *admission, active_client *client, zend_object *agent)
{
	active_fingerprint key = {0};
	active_agent_given(agent, key);
	active_digest digest;
	active_digest_begin(&digest);
	active_digest_text(&digest, "admission");
	active_digest_text(&digest, admission->record);
	active_digest_text(&digest, admission->client_id);
	active_digest_text(&digest, admission->resource->json);
	active_digest_text(&digest, admission->registration ? admission->registration->json : NULL);
	active_digest_text(&digest, key);
	zend_string *id = zend_string_init(admission->client_id, strlen(admission->client_id), 0);
	active_client_keys none = {0};
	active_client_object(value, client, id, &none, &digest);
	zend_string_release(id);
}

void active_admission_object(zval *value, const active_admission *admission, active_client *client, zend_object *agent)
{
	object_init_ex(value, active_admission_ce);
	admission_object *object = admission_of(Z_OBJ_P(value));
	client_object(&object->client, admission, client, agent);
	active_document_object(&object->resource, active_document_copy(admission->resource));
	object->record = zend_string_init(admission->record, strlen(admission->record), 0);
	object->scope = admission->scope ? zend_string_init(admission->scope, strlen(admission->scope), 0) : NULL;
	ZVAL_NULL(&object->registration);
	if (admission->registration) {
		zend_string *json = active_bytes(admission->registration->json, admission->registration->json_length);
		active_registration_object(&object->registration, object->record, agent, json);
		zend_string_release(json);
	}
	array_init(&object->parameters);
	for (size_t i = 0; i < admission->parameter_count; i++) {
		add_assoc_string(&object->parameters, admission->parameters[i].name, admission->parameters[i].value);
	}
}

static void read_client(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &admission_of(object)->client);
}

static void read_resource(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &admission_of(object)->resource);
}

static void read_registration(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &admission_of(object)->registration);
}

static void read_parameters(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &admission_of(object)->parameters);
}

static void read_scope(zend_object *object, zval *value)
{
	if (admission_of(object)->scope) {
		ZVAL_STR_COPY(value, admission_of(object)->scope);
	}
}

static void read_record(zend_object *object, zval *value)
{
	if (admission_of(object)->record) {
		ZVAL_STR_COPY(value, admission_of(object)->record);
	}
}

static void free_access(zend_object *object)
{
	active_access_free(access_of(object)->access);
	zend_object_std_dtor(object);
}

static void free_admission(zend_object *object)
{
	admission_object *admission = admission_of(object);
	zval_ptr_dtor(&admission->client);
	zval_ptr_dtor(&admission->resource);
	zval_ptr_dtor(&admission->registration);
	zval_ptr_dtor(&admission->parameters);
	if (admission->scope) {
		zend_string_release(admission->scope);
	}
	if (admission->record) {
		zend_string_release(admission->record);
	}
	zend_object_std_dtor(object);
}

static zend_object *create_access(zend_class_entry *ce)
{
	return ACTIVE_NEW(access_object, ce, &access_handlers);
}

static zend_object *create_admission(zend_class_entry *ce)
{
	return ACTIVE_NEW(admission_object, ce, &admission_handlers);
}

void active_access_register_classes(void)
{
	static const active_property none[] = {
		{NULL, NULL, ACTIVE_SHOWN},
	};
	static const active_property properties[] = {
		{"client", read_client, ACTIVE_SHOWN},
		{"resource", read_resource, ACTIVE_SHOWN},
		{"registration", read_registration, ACTIVE_SHOWN},
		{"scope", read_scope, ACTIVE_SHOWN},
		{"parameters", read_parameters, ACTIVE_SHOWN},
		{"record", read_record, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&access_handlers, XtOffsetOf(access_object, std), free_access, none);
	active_handlers_init(&admission_handlers, XtOffsetOf(admission_object, std), free_admission, properties);
	active_access_ce->create_object = create_access;
	active_admission_ce->create_object = create_admission;
}
