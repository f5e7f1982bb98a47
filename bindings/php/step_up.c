/* Which login does an API want of its callers' users? Active\StepUp, for APIs. */

#include "php_active.h"

typedef struct {
	zend_string *acr_values; /* separated by blanks; NULL for any */
	zend_long max_age;       /* seconds; -1 for any */
	zend_object std;
} step_up_object;

ACTIVE_OBJECT(step_up_object, step_up_of)

zend_class_entry *active_step_up_ce;
static active_handlers handlers;

ZEND_METHOD(Active_StepUp, __construct)
{
	zend_string *acr_values = NULL;
	zend_long max_age = 0;
	bool any_age = true;
	ZEND_PARSE_PARAMETERS_START(0, 2)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(acr_values)
		Z_PARAM_LONG_OR_NULL(max_age, any_age)
	ZEND_PARSE_PARAMETERS_END();
	if (acr_values && !active_text(acr_values, "acrValues")) {
		RETURN_THROWS();
	}
	if (max_age < 0) {
		active_error_throw_usage("maxAge: must be seconds, 0 or more");
		RETURN_THROWS();
	}
	step_up_object *object = step_up_of(Z_OBJ_P(ZEND_THIS));
	if (object->acr_values) {
		zend_string_release(object->acr_values);
	}
	object->acr_values = acr_values ? zend_string_copy(acr_values) : NULL;
	object->max_age = any_age ? -1 : max_age;
}

static const char *ways(const step_up_object *object)
{
	return object->acr_values ? ZSTR_VAL(object->acr_values) : NULL;
}

ZEND_METHOD(Active_StepUp, isMetBy)
{
	zval *claims, *now = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_OBJECT_OF_CLASS(claims, active_document_ce)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(now, active_now_ce)
	ZEND_PARSE_PARAMETERS_END();
	const step_up_object *object = step_up_of(Z_OBJ_P(ZEND_THIS));
	active_now place;
	RETURN_BOOL(active_step_up_is_met(active_document_of(Z_OBJ_P(claims)), ways(object), object->max_age, active_now_of(now ? Z_OBJ_P(now) : NULL, &place)));
}

ZEND_METHOD(Active_StepUp, challenge)
{
	zend_string *scheme = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(scheme)
	ZEND_PARSE_PARAMETERS_END();
	/* It goes into a header as it is. */
	if (scheme && !zend_string_equals_literal_ci(scheme, "Bearer") && !zend_string_equals_literal_ci(scheme, "DPoP")) {
		active_error_throw_usage("scheme: must be that of the token that was presented, Bearer or DPoP");
		RETURN_THROWS();
	}
	const step_up_object *object = step_up_of(Z_OBJ_P(ZEND_THIS));
	active_exchange *exchange = active_step_up_challenge(scheme ? ZSTR_VAL(scheme) : "Bearer", ways(object), object->max_age);
	active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange}, false, NULL);
}

static void read_acr_values(zend_object *object, zval *value)
{
	if (step_up_of(object)->acr_values) {
		ZVAL_STR_COPY(value, step_up_of(object)->acr_values);
	}
}

static void read_max_age(zend_object *object, zval *value)
{
	if (step_up_of(object)->max_age >= 0) {
		ZVAL_LONG(value, step_up_of(object)->max_age);
	}
}

static void free_step_up(zend_object *object)
{
	if (step_up_of(object)->acr_values) {
		zend_string_release(step_up_of(object)->acr_values);
	}
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	zend_object *object = ACTIVE_NEW(step_up_object, ce, &handlers);
	step_up_of(object)->max_age = -1;
	return object;
}

void active_step_up_register(void)
{
	static const active_property properties[] = {
		{"acrValues", read_acr_values, ACTIVE_SHOWN},
		{"maxAge", read_max_age, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(step_up_object, std), free_step_up, properties);
	active_step_up_ce->create_object = create;
}
