/* What do we sign with? Active\Key. */

#include "php_active.h"

typedef struct {
	active_key *key;
	zval sign; /* the callable of a key that lives elsewhere; it is lent to the library by its address */
	zend_object std;
} key_object;

ACTIVE_OBJECT(key_object, key_of)
ACTIVE_NO_CONSTRUCTOR(Active_Key)

zend_class_entry *active_key_ce;
static active_handlers handlers;

const active_key *active_key_of(zend_object *key)
{
	return key_of(key)->key;
}

bool active_key_is_elsewhere(zend_object *key)
{
	return Z_TYPE(key_of(key)->sign) != IS_UNDEF;
}

/* Takes the key, and throws where it is none. */
static void made(zval *return_value, active_key *key)
{
	const active_error *error = active_key_error(key);
	if (error || !key) {
		active_error_throw(error, NULL);
		active_key_free(key);
		return;
	}
	object_init_ex(return_value, active_key_ce);
	key_of(Z_OBJ_P(return_value))->key = key;
}

/* Whether both can go into the library. */
static bool are_texts(zend_string *algorithm, zend_string *id)
{
	return (!algorithm || active_text(algorithm, "algorithm")) && (!id || active_text(id, "id"));
}

ZEND_METHOD(Active_Key, fromPem)
{
	zend_string *algorithm, *pem, *id = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 3)
		Z_PARAM_STR(algorithm)
		Z_PARAM_STR(pem)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(id)
	ZEND_PARSE_PARAMETERS_END();
	if (!are_texts(algorithm, id)) {
		RETURN_THROWS();
	}
	made(return_value, active_key_from_pem(ZSTR_VAL(algorithm), ZSTR_VAL(pem), ZSTR_LEN(pem), id ? ZSTR_VAL(id) : NULL));
}

ZEND_METHOD(Active_Key, fromJwk)
{
	zend_string *algorithm, *text = NULL, *id = NULL;
	HashTable *jwk = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 3)
		Z_PARAM_STR(algorithm)
		Z_PARAM_ARRAY_HT_OR_STR(jwk, text)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(id)
	ZEND_PARSE_PARAMETERS_END();
	if (!are_texts(algorithm, id)) {
		RETURN_THROWS();
	}
	zend_string *given = jwk ? active_json_of(jwk, "key") : zend_string_copy(text);
	if (!given) {
		RETURN_THROWS();
	}
	if (active_text(given, "key")) {
		made(return_value, active_key_from_jwk(ZSTR_VAL(algorithm), ZSTR_VAL(given), id ? ZSTR_VAL(id) : NULL));
	}
	if (jwk) {
		ZEND_SECURE_ZERO(ZSTR_VAL(given), ZSTR_LEN(given));
	}
	zend_string_release(given);
}

/* A new key; NULL after an exception. */
static active_key *generated(zend_string *algorithm, zend_string *id)
{
	return are_texts(algorithm, id) ? active_key_generate(algorithm ? ZSTR_VAL(algorithm) : "ES256", id ? ZSTR_VAL(id) : NULL) : NULL;
}

ZEND_METHOD(Active_Key, generate)
{
	zend_string *algorithm = NULL, *id = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 2)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(algorithm)
		Z_PARAM_STR_OR_NULL(id)
	ZEND_PARSE_PARAMETERS_END();
	active_key *key = generated(algorithm, id);
	if (!key) {
		RETURN_THROWS();
	}
	made(return_value, key);
}

ZEND_METHOD(Active_Key, generatePem)
{
	zend_string *algorithm = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(algorithm)
	ZEND_PARSE_PARAMETERS_END();
	active_key *key = generated(algorithm, NULL);
	const char *pem = active_key_pem(key);
	if (pem) {
		RETVAL_STRING(pem);
	} else if (key) {
		active_error_throw(active_key_error(key), NULL);
	}
	active_key_free(key);
}

ZEND_METHOD(Active_Key, fromSigner)
{
	zend_string *algorithm, *text = NULL, *id = NULL;
	HashTable *jwk = NULL;
	zend_fcall_info sign;
	zend_fcall_info_cache cache;
	ZEND_PARSE_PARAMETERS_START(2, 4)
		Z_PARAM_STR(algorithm)
		Z_PARAM_FUNC(sign, cache)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT_OR_STR_OR_NULL(jwk, text)
		Z_PARAM_STR_OR_NULL(id)
	ZEND_PARSE_PARAMETERS_END();
	if (!are_texts(algorithm, id)) {
		RETURN_THROWS();
	}
	zend_string *given = jwk ? active_json_of(jwk, "publicJwk") : text ? zend_string_copy(text) : NULL;
	if (EG(exception) || (given && !active_text(given, "publicJwk"))) {
		if (given) {
			zend_string_release(given);
		}
		RETURN_THROWS();
	}
	zval object;
	object_init_ex(&object, active_key_ce);
	key_object *key = key_of(Z_OBJ(object));
	ZVAL_COPY(&key->sign, &sign.function_name);
	key->key = active_key_from_signer(ZSTR_VAL(algorithm), given ? ZSTR_VAL(given) : NULL, id ? ZSTR_VAL(id) : NULL, active_callable_signs, &key->sign);
	if (given) {
		zend_string_release(given);
	}
	const active_error *error = active_key_error(key->key);
	if (error || !key->key) {
		active_error_throw(error, NULL);
		zval_ptr_dtor(&object);
		RETURN_THROWS();
	}
	RETURN_COPY_VALUE(&object);
}

ZEND_METHOD(Active_Key, signJwt)
{
	zend_string *text = NULL, *typ = NULL;
	HashTable *claims = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_ARRAY_HT_OR_STR(claims, text)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(typ)
	ZEND_PARSE_PARAMETERS_END();
	zend_string *given = claims ? active_object_json_of(claims, "claims") : zend_string_copy(text);
	if (!given) {
		RETURN_THROWS();
	}
	if (active_text(given, "claims") && (!typ || active_text(typ, "typ"))) {
		zend_object *this = Z_OBJ_P(ZEND_THIS);
		active_exchange *exchange = active_key_sign_jwt(key_of(this)->key, typ ? ZSTR_VAL(typ) : NULL, ZSTR_VAL(given));
		active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange, .key = this}, false, NULL);
	}
	zend_string_release(given);
}

ZEND_METHOD(Active_Key, publicJwk)
{
	ZEND_PARSE_PARAMETERS_NONE();
	const char *jwk = active_key_public_jwk(key_of(Z_OBJ_P(ZEND_THIS))->key);
	if (jwk) {
		active_json_decode(return_value, jwk, strlen(jwk));
	} else {
		array_init(return_value);
	}
}

ZEND_METHOD(Active_Key, thumbprintOf)
{
	zend_string *text = NULL;
	HashTable *jwk = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_ARRAY_HT_OR_STR(jwk, text)
	ZEND_PARSE_PARAMETERS_END();
	zend_string *given = jwk ? active_object_json_of(jwk, "jwk") : zend_string_copy(text);
	if (!given) {
		RETURN_THROWS();
	}
	if (active_text(given, "jwk")) {
		active_exchange_go_on(return_value, (active_conversation) {.exchange = active_thumbprint(ZSTR_VAL(given))}, false, NULL);
	}
	if (jwk) {
		/* Of a private one, too. */
		ZEND_SECURE_ZERO(ZSTR_VAL(given), ZSTR_LEN(given));
	}
	zend_string_release(given);
}

static void read_thumbprint(zend_object *object, zval *value)
{
	active_string_or_null(value, active_key_thumbprint(key_of(object)->key));
}

/* The callable may hold the key. */
static HashTable *get_gc(zend_object *object, zval **table, int *count)
{
	*table = &key_of(object)->sign;
	*count = 1;
	return NULL;
}

static void free_key(zend_object *object)
{
	active_key_free(key_of(object)->key);
	zval_ptr_dtor(&key_of(object)->sign);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(key_object, ce, &handlers);
}

void active_key_register(void)
{
	static const active_property properties[] = {
		{"thumbprint", read_thumbprint, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(key_object, std), free_key, properties);
	handlers.std.get_gc = get_gc;
	active_key_ce->create_object = create;
}
