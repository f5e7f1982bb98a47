/* Why did an API refuse? Active\Challenge, from its WWW-Authenticate. */

#include "php_active.h"

/* What was parsed together, held by the challenges in it; the last to let go frees it. */
typedef struct {
	active_challenges *challenges;
	uint32_t holders;
} refusal;

typedef struct {
	refusal *of;
	const active_challenge *challenge;
	zend_object std;
} challenge_object;

ACTIVE_OBJECT(challenge_object, challenge_of)
ACTIVE_NO_CONSTRUCTOR(Active_Challenge)

zend_class_entry *active_challenge_ce;
static active_handlers handlers;

const active_challenge *active_challenge_of(zend_object *challenge)
{
	return challenge_of(challenge)->challenge;
}

/* The caller holds it, too. NULL after an exception. */
static refusal *parsed(HashTable *several, zend_string *one)
{
	active_texts texts;
	if (!active_refusal_of(&texts, several, one)) {
		return NULL;
	}
	refusal *parsed = emalloc(sizeof(*parsed));
	parsed->challenges = active_challenges_parse(texts.pairs, texts.count);
	parsed->holders = 1;
	active_texts_free(&texts);
	return parsed;
}

static void let_go(refusal *of)
{
	if (of && --of->holders == 0) {
		active_challenges_free(of->challenges);
		efree(of);
	}
}

static void challenge(zval *value, refusal *of, const active_challenge *one)
{
	object_init_ex(value, active_challenge_ce);
	challenge_object *object = challenge_of(Z_OBJ_P(value));
	object->of = of;
	object->of->holders++;
	object->challenge = one;
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
	refusal *of = parsed(several, one);
	if (!of) {
		return;
	}
	array_init(value);
	for (size_t i = 0; i < active_challenges_count(of->challenges); i++) {
		zval each;
		challenge(&each, of, active_challenges_at(of->challenges, i));
		add_next_index_zval(value, &each);
	}
	let_go(of);
}

void active_challenge_step_up(zval *value, HashTable *several, zend_string *one)
{
	refusal *of = parsed(several, one);
	const active_challenge *wants = of ? active_challenges_step_up(of->challenges) : NULL;
	if (wants) {
		challenge(value, of, wants);
	}
	let_go(of);
}

typedef void reads(zval *value, HashTable *several, zend_string *one);

static void read_header(INTERNAL_FUNCTION_PARAMETERS, reads *read)
{
	HashTable *several = NULL;
	zend_string *one = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_ARRAY_HT_OR_STR(several, one)
	ZEND_PARSE_PARAMETERS_END();
	read(return_value, several, one);
}

ZEND_METHOD(Active_Challenge, parse)
{
	read_header(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_challenges_array);
}

ZEND_METHOD(Active_Challenge, stepUp)
{
	read_header(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_challenge_step_up);
}

/* A text of the challenge; null where there is none. */
#define READ_TEXT(name) \
	static void read_##name(zend_object *object, zval *value) \
	{ \
		const active_challenge *challenge = challenge_of(object)->challenge; \
		active_string_or_null(value, challenge ? challenge->name : NULL); \
	}

READ_TEXT(scheme)
READ_TEXT(error)
READ_TEXT(error_description)
READ_TEXT(scope)
READ_TEXT(resource_metadata)
READ_TEXT(acr_values)
READ_TEXT(realm)
READ_TEXT(token68)

static void read_max_age(zend_object *object, zval *value)
{
	const active_challenge *challenge = challenge_of(object)->challenge;
	if (challenge && challenge->max_age_s >= 0) {
		ZVAL_LONG(value, challenge->max_age_s);
	}
}

static void read_parameters(zend_object *object, zval *value)
{
	const active_challenge *challenge = challenge_of(object)->challenge;
	array_init(value);
	for (size_t i = 0; challenge && i < challenge->parameter_count; i++) {
		zval text;
		ZVAL_STRING(&text, challenge->parameters[i].value);
		zend_symtable_str_update(Z_ARRVAL_P(value), challenge->parameters[i].name, strlen(challenge->parameters[i].name), &text);
	}
}

static void free_challenge(zend_object *object)
{
	let_go(challenge_of(object)->of);
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
