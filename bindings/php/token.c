/* What did we get? Active\Token. */

#include "php_active.h"
#include "ext/json/php_json.h"

typedef struct {
	active_token *token; /* our own copy */
	zend_object std;
} token_object;

ACTIVE_OBJECT(token_object, token_of)
ACTIVE_NO_CONSTRUCTOR(Active_Token)

zend_class_entry *active_token_ce;
static active_handlers handlers;

void active_token_object(zval *value, active_token *token)
{
	object_init_ex(value, active_token_ce);
	token_of(Z_OBJ_P(value))->token = token;
}

const active_token *active_token_of(zend_object *token)
{
	return token_of(token)->token;
}

ZEND_METHOD(Active_Token, field)
{
	zend_string *pointer;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(pointer)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(pointer, "pointer")) {
		RETURN_THROWS();
	}
	const char *json = active_token_field(token_of(Z_OBJ_P(ZEND_THIS))->token, ZSTR_VAL(pointer));
	if (json) {
		php_json_decode_ex(return_value, json, strlen(json), PHP_JSON_OBJECT_AS_ARRAY | PHP_JSON_BIGINT_AS_STRING, PHP_JSON_PARSER_DEFAULT_DEPTH);
	}
}

ZEND_METHOD(Active_Token, isExpired)
{
	zval *now = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(now, active_now_ce)
	ZEND_PARSE_PARAMETERS_END();
	active_now place;
	const active_now *given = active_now_of(now ? Z_OBJ_P(now) : NULL, &place);
	if (!given) {
		place = active_clock();
	}
	const active_token *token = token_of(Z_OBJ_P(ZEND_THIS))->token;
	RETURN_BOOL(token && token->expires_at_ms >= 0 && place.wall_ms >= token->expires_at_ms);
}

ZEND_METHOD(Active_Token, saved)
{
	ZEND_PARSE_PARAMETERS_NONE();
	const char *saved = active_token_saved(token_of(Z_OBJ_P(ZEND_THIS))->token);
	if (!saved) {
		active_error_throw_usage("token: there is nothing to save");
		RETURN_THROWS();
	}
	RETURN_STRING(saved);
}

ZEND_METHOD(Active_Token, restore)
{
	zend_string *saved;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(saved)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(saved, "saved token")) {
		RETURN_THROWS();
	}
	active_token *token = active_token_restore(ZSTR_VAL(saved));
	const active_error *error = active_token_error(token);
	if (error || !token) {
		active_error_throw(error, NULL);
		active_token_free(token);
		RETURN_THROWS();
	}
	active_token_object(return_value, token);
}

ZEND_METHOD(Active_Token, __serialize)
{
	ZEND_PARSE_PARAMETERS_NONE();
	active_error_throw_usage("Active\\Token is not serialized, because it holds secrets: store the text that saved() gives");
	RETURN_THROWS();
}

ZEND_METHOD(Active_Token, __unserialize)
{
	zval *data;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_ARRAY(data)
	ZEND_PARSE_PARAMETERS_END();
	active_error_throw_usage("Active\\Token is not unserialized: use Active\\Token::restore() on the text that saved() gave");
	RETURN_THROWS();
}

/* A text of the token; null where there is none, or no token. */
#define READ_TEXT(name, member) \
	static void read_##name(zend_object *object, zval *value) \
	{ \
		const active_token *token = token_of(object)->token; \
		active_string_or_null(value, token ? token->member : NULL); \
	}

READ_TEXT(access_token, access_token)
READ_TEXT(authorization, authorization)
READ_TEXT(refresh_token, refresh_token)
READ_TEXT(token_type, token_type)
READ_TEXT(scope, scope)
READ_TEXT(requested_scope, requested_scope)
READ_TEXT(provider, provider)

static void read_id_token(zend_object *object, zval *value)
{
	active_string_or_null(value, active_token_id_token(token_of(object)->token));
}

static void read_scope_narrower(zend_object *object, zval *value)
{
	const active_token *token = token_of(object)->token;
	ZVAL_BOOL(value, token && token->scope_narrower);
}

static void read_expires_at(zend_object *object, zval *value)
{
	const active_token *token = token_of(object)->token;
	if (token && token->expires_at_ms >= 0) {
		ZVAL_LONG(value, token->expires_at_ms);
	}
}

static void read_received_at(zend_object *object, zval *value)
{
	const active_token *token = token_of(object)->token;
	ZVAL_LONG(value, token ? token->received_at_ms : 0);
}

static void read_deviations(zend_object *object, zval *value)
{
	const active_token *token = token_of(object)->token;
	active_list_of(value, token ? token->deviations : "");
}

static void read_user(zend_object *object, zval *value)
{
	const active_user *user = active_token_user(token_of(object)->token);
	if (user) {
		active_user_object(value, user);
	}
}

static void read_answer(zend_object *object, zval *value)
{
	const active_token *token = token_of(object)->token;
	ZVAL_STR(value, token ? active_bytes(token->answer, token->answer_length) : ZSTR_EMPTY_ALLOC());
}

static void free_token(zend_object *object)
{
	active_token_free(token_of(object)->token);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(token_object, ce, &handlers);
}

void active_token_register(void)
{
	static const active_property properties[] = {
		{"accessToken", read_access_token, ACTIVE_SECRET},
		{"authorization", read_authorization, ACTIVE_SECRET},
		{"refreshToken", read_refresh_token, ACTIVE_SECRET},
		{"idToken", read_id_token, ACTIVE_SECRET},
		{"tokenType", read_token_type, ACTIVE_SHOWN},
		{"scope", read_scope, ACTIVE_SHOWN},
		{"requestedScope", read_requested_scope, ACTIVE_SHOWN},
		{"scopeNarrower", read_scope_narrower, ACTIVE_SHOWN},
		{"expiresAt", read_expires_at, ACTIVE_SHOWN},
		{"receivedAt", read_received_at, ACTIVE_SHOWN},
		{"provider", read_provider, ACTIVE_SHOWN},
		{"deviations", read_deviations, ACTIVE_SHOWN},
		{"user", read_user, ACTIVE_SHOWN},
		{"answer", read_answer, ACTIVE_SECRET},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(token_object, std), free_token, properties);
	active_token_ce->create_object = create;
}
