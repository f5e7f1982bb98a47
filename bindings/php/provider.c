/* What is found out about servers and APIs, and what are they told? Active\Provider and Active\Resource. */

#include "php_active.h"

ACTIVE_NO_CONSTRUCTOR(Active_Provider)
ACTIVE_NO_CONSTRUCTOR(Active_Resource)

zend_class_entry *active_provider_ce, *active_resource_ce;

active_agent *active_agent_given(zend_object *agent, active_fingerprint key)
{
	return agent ? active_agent_of(agent, key) : active_agent_default(key);
}

zend_string *active_record_of(HashTable *record, zend_string *text)
{
	return record ? active_json_of(record, "provider record") : zend_string_copy(text);
}

static void discover(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zend_string *url;
	zval *agent = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_STR(url)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(agent, active_agent_ce)
	ZEND_PARSE_PARAMETERS_END();
	active_fingerprint key;
	active_agent *carrier = active_text(url, "issuer") ? active_agent_given(agent ? Z_OBJ_P(agent) : NULL, key) : NULL;
	if (!carrier) {
		RETURN_THROWS();
	}
	active_exchange_go_on(return_value, (active_conversation) {.exchange = active_provider_discover(ZSTR_VAL(url), carrier)}, step_by_step, NULL);
}

ZEND_METHOD(Active_Provider, discover)
{
	discover(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Provider, beginDiscover)
{
	discover(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

/* A refusal may say where the document is. */
static void challenged(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zend_string *resource, *one = NULL;
	HashTable *several = NULL;
	zval *agent = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 3)
		Z_PARAM_STR(resource)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(agent, active_agent_ce)
		Z_PARAM_ARRAY_HT_OR_STR_OR_NULL(several, one)
	ZEND_PARSE_PARAMETERS_END();
	active_texts texts;
	if (!active_text(resource, "resource") || !active_refusal_of(&texts, several, one)) {
		RETURN_THROWS();
	}
	active_fingerprint key;
	active_agent *carrier = active_agent_given(agent ? Z_OBJ_P(agent) : NULL, key);
	if (carrier) {
		active_exchange *exchange = active_resource_challenged(ZSTR_VAL(resource), texts.pairs, texts.count, carrier);
		active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange}, step_by_step, NULL);
	}
	active_texts_free(&texts);
}

ZEND_METHOD(Active_Resource, discover)
{
	challenged(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Resource, beginDiscover)
{
	challenged(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

static void enrol(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	HashTable *record = NULL, *metadata;
	zend_string *record_text = NULL, *token = NULL;
	zval *agent = NULL;
	ZEND_PARSE_PARAMETERS_START(2, 4)
		Z_PARAM_ARRAY_HT_OR_STR(record, record_text)
		Z_PARAM_ARRAY_HT(metadata)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(token)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(agent, active_agent_ce)
	ZEND_PARSE_PARAMETERS_END();
	zend_string *given = active_record_of(record, record_text);
	if (!given) {
		RETURN_THROWS();
	}
	zend_string *about = active_object_json_of(metadata, "metadata");
	bool good = about && active_text(given, "provider record") && (!token || active_text(token, "initialAccessToken"));
	active_fingerprint key;
	zend_object *by = agent ? Z_OBJ_P(agent) : NULL;
	active_agent *carrier = good ? active_agent_given(by, key) : NULL;
	if (carrier) {
		active_exchange *exchange = active_provider_register(ZSTR_VAL(given), ZSTR_VAL(about), token ? ZSTR_VAL(token) : NULL, carrier);
		active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange, .agent = by, .record = given}, step_by_step, NULL);
	}
	if (about) {
		zend_string_release(about);
	}
	zend_string_release(given);
}

ZEND_METHOD(Active_Provider, register)
{
	enrol(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Provider, beginRegister)
{
	enrol(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}
