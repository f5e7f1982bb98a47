/* What was signed, by a signature that was checked? Active\Jws. */

#include "php_active.h"

typedef struct {
	zend_string *algorithm, *key_id, *payload;
	zend_object std;
} jws_object;

ACTIVE_OBJECT(jws_object, jws_of)
ACTIVE_NO_CONSTRUCTOR(Active_Jws)

zend_class_entry *active_jws_ce;
static active_handlers handlers;

void active_jws_object(zval *value, const active_jws *jws)
{
	object_init_ex(value, active_jws_ce);
	jws_object *object = jws_of(Z_OBJ_P(value));
	object->algorithm = zend_string_init(jws->algorithm, strlen(jws->algorithm), 0);
	object->key_id = jws->key_id ? zend_string_init(jws->key_id, strlen(jws->key_id), 0) : NULL;
	object->payload = active_bytes(jws->payload, jws->payload_length);
}

ZEND_METHOD(Active_Jws, verify)
{
	zend_string *jws, *set = NULL, *names = NULL, *typ = NULL;
	HashTable *jwks = NULL, *list = NULL;
	ZEND_PARSE_PARAMETERS_START(3, 4)
		Z_PARAM_STR(jws)
		Z_PARAM_ARRAY_HT_OR_STR(jwks, set)
		Z_PARAM_ARRAY_HT_OR_STR(list, names)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(typ)
	ZEND_PARSE_PARAMETERS_END();
	zend_string *keys = jwks ? active_object_json_of(jwks, "jwks") : zend_string_copy(set);
	zend_string *algorithms = keys ? active_words_of(list, names, "algorithms") : NULL;
	if (algorithms && active_text(jws, "jws") && active_text(keys, "jwks") && (!typ || active_text(typ, "typ"))) {
		active_exchange *exchange = active_verify_jws(ZSTR_VAL(jws), ZSTR_VAL(keys), ZSTR_VAL(algorithms), typ ? ZSTR_VAL(typ) : NULL);
		active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange}, false, NULL);
	}
	if (algorithms) {
		zend_string_release(algorithms);
	}
	if (keys) {
		zend_string_release(keys);
	}
}

ZEND_METHOD(Active_Jws, claims)
{
	ZEND_PARSE_PARAMETERS_NONE();
	zend_string *payload = jws_of(Z_OBJ_P(ZEND_THIS))->payload;
	/* An object, and not what PHP's array of one could be, too: a list. */
	if (payload && ZSTR_VAL(payload)[strspn(ZSTR_VAL(payload), " \t\r\n")] == '{') {
		active_json_decode(return_value, ZSTR_VAL(payload), ZSTR_LEN(payload));
	}
	if (Z_TYPE_P(return_value) != IS_ARRAY) {
		zval_ptr_dtor(return_value);
		ZVAL_NULL(return_value);
		active_error_throw_untrusted("signature: what was signed is no JSON object; payload has it");
	}
}

static void read_algorithm(zend_object *object, zval *value)
{
	if (jws_of(object)->algorithm) {
		ZVAL_STR_COPY(value, jws_of(object)->algorithm);
	}
}

static void read_key_id(zend_object *object, zval *value)
{
	if (jws_of(object)->key_id) {
		ZVAL_STR_COPY(value, jws_of(object)->key_id);
	}
}

static void read_payload(zend_object *object, zval *value)
{
	if (jws_of(object)->payload) {
		ZVAL_STR_COPY(value, jws_of(object)->payload);
	}
}

static void free_jws(zend_object *object)
{
	zend_string *texts[] = {jws_of(object)->algorithm, jws_of(object)->key_id, jws_of(object)->payload};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (texts[i]) {
			zend_string_release(texts[i]);
		}
	}
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(jws_object, ce, &handlers);
}

void active_jws_register(void)
{
	static const active_property properties[] = {
		{"algorithm", read_algorithm, ACTIVE_SHOWN},
		{"keyId", read_key_id, ACTIVE_SHOWN},
		{"payload", read_payload, ACTIVE_SECRET},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(jws_object, std), free_jws, properties);
	active_jws_ce->create_object = create;
}
