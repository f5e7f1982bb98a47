/* Why did an API refuse? Active\Challenge, from its WWW-Authenticate. */

#include "php_active.h"

typedef struct {
	zend_string *texts[8];
	zval parameters;
	int64_t max_age_s; /* -1 where there is none */
	zend_object std;
} challenge_object;

ACTIVE_OBJECT(challenge_object, challenge_of)
ACTIVE_NO_CONSTRUCTOR(Active_Challenge)

/* The places in `texts`. */
enum { SCHEME, ERROR, ERROR_DESCRIPTION, SCOPE, RESOURCE_METADATA, ACR_VALUES, REALM, TOKEN68, TEXTS };

zend_class_entry *active_challenge_ce;
static active_handlers handlers;

static void challenge(zval *value, const active_challenge *of)
{
	object_init_ex(value, active_challenge_ce);
	challenge_object *object = challenge_of(Z_OBJ_P(value));
	const char *texts[TEXTS] = {of->scheme, of->error, of->error_description, of->scope, of->resource_metadata, of->acr_values, of->realm, of->token68};
	for (size_t i = 0; i < TEXTS; i++) {
		object->texts[i] = texts[i] ? zend_string_init(texts[i], strlen(texts[i]), 0) : NULL;
	}
	object->max_age_s = of->max_age_s;
	array_init(&object->parameters);
	for (size_t i = 0; i < of->parameter_count; i++) {
		zval text;
		ZVAL_STRING(&text, of->parameters[i].value);
		zend_symtable_str_update(Z_ARRVAL(object->parameters), of->parameters[i].name, strlen(of->parameters[i].name), &text);
	}
}

bool active_refusal_of(active_texts *texts, HashTable *several, zend_string *one)
{
	zval headers;
	array_init(&headers);
	if (several || one) {
		zval given;
		if (several) {
			ZVAL_ARR(&given, zend_array_dup(several));
		} else {
			ZVAL_STR_COPY(&given, one);
		}
		add_assoc_zval(&headers, "www-authenticate", &given);
	}
	bool good = active_texts_of_headers(texts, Z_ARRVAL(headers), "wwwAuthenticate");
	zval_ptr_dtor(&headers);
	return good;
}

void active_challenges_array(zval *value, HashTable *several, zend_string *one)
{
	active_texts texts;
	if (!active_refusal_of(&texts, several, one)) {
		return;
	}
	active_challenges *challenges = active_challenges_parse(texts.pairs, texts.count);
	active_texts_free(&texts);
	array_init(value);
	for (size_t i = 0; i < active_challenges_count(challenges); i++) {
		zval one;
		challenge(&one, active_challenges_at(challenges, i));
		add_next_index_zval(value, &one);
	}
	active_challenges_free(challenges);
}

ZEND_METHOD(Active_Challenge, parse)
{
	HashTable *several = NULL;
	zend_string *one = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_ARRAY_HT_OR_STR(several, one)
	ZEND_PARSE_PARAMETERS_END();
	active_challenges_array(return_value, several, one);
}

#define READ_TEXT(name, place) \
	static void read_##name(zend_object *object, zval *value) \
	{ \
		if (challenge_of(object)->texts[place]) { \
			ZVAL_STR_COPY(value, challenge_of(object)->texts[place]); \
		} \
	}

READ_TEXT(scheme, SCHEME)
READ_TEXT(error, ERROR)
READ_TEXT(error_description, ERROR_DESCRIPTION)
READ_TEXT(scope, SCOPE)
READ_TEXT(resource_metadata, RESOURCE_METADATA)
READ_TEXT(acr_values, ACR_VALUES)
READ_TEXT(realm, REALM)
READ_TEXT(token68, TOKEN68)

static void read_max_age(zend_object *object, zval *value)
{
	if (challenge_of(object)->max_age_s >= 0) {
		ZVAL_LONG(value, challenge_of(object)->max_age_s);
	}
}

static void read_parameters(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &challenge_of(object)->parameters);
}

static void free_challenge(zend_object *object)
{
	challenge_object *challenge = challenge_of(object);
	for (size_t i = 0; i < TEXTS; i++) {
		if (challenge->texts[i]) {
			zend_string_release(challenge->texts[i]);
		}
	}
	zval_ptr_dtor(&challenge->parameters);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(challenge_object, ce, &handlers);
}

void active_challenge_register(void)
{
	static const active_property properties[] = {
		{"scheme", read_scheme, ACTIVE_SHOWN},
		{"error", read_error, ACTIVE_SHOWN},
		{"errorDescription", read_error_description, ACTIVE_SHOWN},
		{"scope", read_scope, ACTIVE_SHOWN},
		{"resourceMetadata", read_resource_metadata, ACTIVE_SHOWN},
		{"acrValues", read_acr_values, ACTIVE_SHOWN},
		{"maxAge", read_max_age, ACTIVE_SHOWN},
		{"realm", read_realm, ACTIVE_SHOWN},
		{"token68", read_token68, ACTIVE_SECRET},
		{"parameters", read_parameters, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(challenge_object, std), free_challenge, properties);
	active_challenge_ce->create_object = create;
}
