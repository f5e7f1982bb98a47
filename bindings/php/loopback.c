/* How does a login in the user's browser come back to a program on the user's machine? Active\Loopback. */

#include "php_active.h"

typedef struct {
	active_loopback *loopback;
	zend_object std;
} loopback_object;

ACTIVE_OBJECT(loopback_object, loopback_of)

zend_class_entry *active_loopback_ce;
static active_handlers handlers;

ZEND_METHOD(Active_Loopback, __construct)
{
	zend_string *path = NULL, *app = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 2)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(path)
		Z_PARAM_STR_OR_NULL(app)
	ZEND_PARSE_PARAMETERS_END();
	loopback_object *object = loopback_of(Z_OBJ_P(ZEND_THIS));
	if (object->loopback) {
		zend_throw_error(NULL, "Active\\Loopback is made already");
		RETURN_THROWS();
	}
	if ((path && !active_text(path, "path")) || (app && !active_text(app, "app"))) {
		RETURN_THROWS();
	}
	active_loopback *loopback = active_loopback_new(path ? ZSTR_VAL(path) : NULL, app ? ZSTR_VAL(app) : NULL);
	const active_error *error = active_loopback_error(loopback);
	if (error || !loopback) {
		active_error_throw(error, NULL);
		active_loopback_free(loopback);
		RETURN_THROWS();
	}
	object->loopback = loopback;
}

ZEND_METHOD(Active_Loopback, onlyFor)
{
	zval *login;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_OBJECT_OF_CLASS(login, active_login_ce)
	ZEND_PARSE_PARAMETERS_END();
	active_loopback_only_for(loopback_of(Z_OBJ_P(ZEND_THIS))->loopback, active_login_of(Z_OBJ_P(login)));
}

static void callback(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	double timeout = 300.0;
	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_DOUBLE(timeout)
	ZEND_PARSE_PARAMETERS_END();
	/* Written so that NAN fails too. */
	if (!(timeout >= 0.001 && timeout <= 24 * 3600.0)) {
		active_error_throw_usage("timeout: must be seconds, from 0.001 to a day");
		RETURN_THROWS();
	}
	active_exchange *exchange = active_loopback_callback(loopback_of(Z_OBJ_P(ZEND_THIS))->loopback, (int64_t) (timeout * 1000));
	active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange}, step_by_step, NULL);
}

ZEND_METHOD(Active_Loopback, callback)
{
	callback(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Loopback, beginCallback)
{
	callback(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

ZEND_METHOD(Active_Loopback, openBrowser)
{
	zend_string *url;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(url)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(url, "url")) {
		RETURN_THROWS();
	}
	RETURN_BOOL(active_open_browser(ZSTR_VAL(url)));
}

static void read_redirect_uri(zend_object *object, zval *value)
{
	active_string_or_null(value, active_loopback_redirect_uri(loopback_of(object)->loopback));
}

static void free_loopback(zend_object *object)
{
	active_loopback_free(loopback_of(object)->loopback);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(loopback_object, ce, &handlers);
}

void active_loopback_register(void)
{
	static const active_property properties[] = {
		{"redirectUri", read_redirect_uri, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(loopback_object, std), free_loopback, properties);
	active_loopback_ce->create_object = create;
}
