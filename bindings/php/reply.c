/* What did the API say? Active\Reply. */

#include "php_active.h"
#include "ext/json/php_json.h"
#include "zend_smart_str.h"

typedef struct {
	zend_long status;
	zval headers, body, token, renewed;
	zend_object std;
} reply_object;

ACTIVE_OBJECT(reply_object, reply_of)
ACTIVE_NO_CONSTRUCTOR(Active_Reply)

zend_class_entry *active_reply_ce;
static active_handlers handlers;

void active_reply_object(zval *value, const active_answer *answer, const active_token *renewed, zend_object *token)
{
	object_init_ex(value, active_reply_ce);
	reply_object *reply = reply_of(Z_OBJ_P(value));
	reply->status = answer->status;
	active_headers_array(&reply->headers, answer->headers, answer->header_count);
	ZVAL_STR(&reply->body, active_bytes(answer->body, answer->body_length));
	if (renewed) {
		active_token_object(&reply->renewed, active_token_copy(renewed));
		ZVAL_COPY(&reply->token, &reply->renewed);
	} else {
		ZVAL_NULL(&reply->renewed);
		if (token) {
			ZVAL_OBJ_COPY(&reply->token, token);
		} else {
			ZVAL_NULL(&reply->token);
		}
	}
}

ZEND_METHOD(Active_Reply, header)
{
	zend_string *name;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(name)
	ZEND_PARSE_PARAMETERS_END();
	zend_string *lower = zend_string_tolower(name);
	zval *values = zend_symtable_find(Z_ARRVAL(reply_of(Z_OBJ_P(ZEND_THIS))->headers), lower);
	zend_string_release(lower);
	if (!values) {
		return;
	}
	smart_str whole = {0};
	zval *value;
	ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(values), value) {
		if (whole.s) {
			smart_str_appends(&whole, ", ");
		}
		smart_str_append(&whole, Z_STR_P(value));
	} ZEND_HASH_FOREACH_END();
	RETURN_STR(smart_str_extract(&whole));
}

ZEND_METHOD(Active_Reply, json)
{
	ZEND_PARSE_PARAMETERS_NONE();
	reply_object *reply = reply_of(Z_OBJ_P(ZEND_THIS));
	zend_string *body = Z_STR(reply->body);
	zend_long flags = PHP_JSON_OBJECT_AS_ARRAY | PHP_JSON_BIGINT_AS_STRING;
	const char *start = ZSTR_VAL(body);
	size_t length = ZSTR_LEN(body);
	/* A byte order mark is not JSON, but some servers write one. */
	if (length >= 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0) {
		start += 3;
		length -= 3;
	}
	if (php_json_decode_ex(return_value, start, length, flags, PHP_JSON_PARSER_DEFAULT_DEPTH) == FAILURE) {
		ZVAL_NULL(return_value);
		char *message;
		spprintf(&message, 0, "the API's answer (HTTP " ZEND_LONG_FMT ", %zu bytes) is no JSON; body() has it", reply->status, ZSTR_LEN(body));
		active_error_throw_garbled(message, reply->status, body);
		efree(message);
		RETURN_THROWS();
	}
}

static HashTable *refusal_of(zval *reply)
{
	zval *values = zend_hash_str_find(Z_ARRVAL(reply_of(Z_OBJ_P(reply))->headers), ZEND_STRL("www-authenticate"));
	return values ? Z_ARRVAL_P(values) : NULL;
}

ZEND_METHOD(Active_Reply, challenges)
{
	ZEND_PARSE_PARAMETERS_NONE();
	active_challenges_array(return_value, refusal_of(ZEND_THIS), NULL);
}

ZEND_METHOD(Active_Reply, stepUp)
{
	ZEND_PARSE_PARAMETERS_NONE();
	active_challenge_step_up(return_value, refusal_of(ZEND_THIS), NULL);
}

static void read_status(zend_object *object, zval *value)
{
	ZVAL_LONG(value, reply_of(object)->status);
}

static void read_headers(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &reply_of(object)->headers);
}

static void read_body(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &reply_of(object)->body);
}

static void read_token(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &reply_of(object)->token);
}

static void read_renewed(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &reply_of(object)->renewed);
}

static void free_reply(zend_object *object)
{
	reply_object *reply = reply_of(object);
	zval_ptr_dtor(&reply->headers);
	zval_ptr_dtor(&reply->body);
	zval_ptr_dtor(&reply->token);
	zval_ptr_dtor(&reply->renewed);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(reply_object, ce, &handlers);
}

/* Headers and body may hold secrets (a cookie, a token that an API gives). */
void active_reply_register(void)
{
	static const active_property properties[] = {
		{"status", read_status, ACTIVE_SHOWN},
		{"headers", read_headers, ACTIVE_SECRET},
		{"body", read_body, ACTIVE_SECRET},
		{"token", read_token, ACTIVE_SHOWN},
		{"renewed", read_renewed, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(reply_object, std), free_reply, properties);
	active_reply_ce->create_object = create;
}
