/* Which login waits for its callback? Active\Login. */

#include "php_active.h"

typedef struct {
	active_login *login;
	zend_object std;
} login_object;

ACTIVE_OBJECT(login_object, login_of)
ACTIVE_NO_CONSTRUCTOR(Active_Login)

zend_class_entry *active_login_ce;
static active_handlers handlers;

void active_login_object(zval *value, active_login *login)
{
	object_init_ex(value, active_login_ce);
	login_of(Z_OBJ_P(value))->login = login;
}

active_login *active_login_of(zend_object *login)
{
	return login_of(login)->login;
}

ZEND_METHOD(Active_Login, saved)
{
	ZEND_PARSE_PARAMETERS_NONE();
	const char *saved = active_login_saved(login_of(Z_OBJ_P(ZEND_THIS))->login);
	if (!saved) {
		active_error_throw_expired("login: it was taken already, a login works once; begin another");
		RETURN_THROWS();
	}
	RETURN_STRING(saved);
}

ZEND_METHOD(Active_Login, restore)
{
	zend_string *saved;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(saved)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(saved, "saved login")) {
		RETURN_THROWS();
	}
	active_login *login = active_login_restore(ZSTR_VAL(saved));
	const active_error *error = active_login_error(login);
	if (error || !login) {
		active_error_throw(error, NULL);
		active_login_free(login);
		RETURN_THROWS();
	}
	active_login_object(return_value, login);
}

ZEND_METHOD(Active_Login, __serialize)
{
	ZEND_PARSE_PARAMETERS_NONE();
	active_error_throw_usage("Active\\Login is not serialized, because it holds secrets: store the text that saved() gives");
	RETURN_THROWS();
}

ZEND_METHOD(Active_Login, __unserialize)
{
	zval *data;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_ARRAY(data)
	ZEND_PARSE_PARAMETERS_END();
	active_error_throw_usage("Active\\Login is not unserialized: use Active\\Login::restore() on the text that saved() gave");
	RETURN_THROWS();
}

static void read_url(zend_object *object, zval *value)
{
	active_string_or_null(value, active_login_url(login_of(object)->login));
}

static void read_url_expires_at(zend_object *object, zval *value)
{
	int64_t at = active_login_url_expires_at_ms(login_of(object)->login);
	if (at >= 0) {
		ZVAL_LONG(value, at);
	}
}

static void read_taken(zend_object *object, zval *value)
{
	ZVAL_BOOL(value, active_login_is_taken(login_of(object)->login));
}

static void free_login(zend_object *object)
{
	active_login_free(login_of(object)->login);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(login_object, ce, &handlers);
}

void active_login_register(void)
{
	static const active_property properties[] = {
		{"url", read_url, ACTIVE_SECRET},
		{"urlExpiresAt", read_url_expires_at, ACTIVE_SHOWN},
		{"taken", read_taken, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(login_object, std), free_login, properties);
	active_login_ce->create_object = create;
}
