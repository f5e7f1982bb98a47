/* What time is it, in a test? Active\Now. */

#include "php_active.h"

zend_class_entry *active_now_ce;

ZEND_METHOD(Active_Now, __construct)
{
	zend_long wall, mono;
	ZEND_PARSE_PARAMETERS_START(2, 2)
		Z_PARAM_LONG(wall)
		Z_PARAM_LONG(mono)
	ZEND_PARSE_PARAMETERS_END();
	zend_object *now = Z_OBJ_P(ZEND_THIS);
	if (Z_TYPE_P(OBJ_PROP_NUM(now, 0)) != IS_UNDEF) {
		zend_throw_error(NULL, "Active\\Now is made already");
		RETURN_THROWS();
	}
	ZVAL_LONG(OBJ_PROP_NUM(now, 0), wall);
	ZVAL_LONG(OBJ_PROP_NUM(now, 1), mono);
}

const active_now *active_now_of(zend_object *now, active_now *place)
{
	/* A Now whose constructor never ran has no time. */
	if (!now || Z_TYPE_P(OBJ_PROP_NUM(now, 0)) != IS_LONG || Z_TYPE_P(OBJ_PROP_NUM(now, 1)) != IS_LONG) {
		return NULL;
	}
	place->wall_ms = Z_LVAL_P(OBJ_PROP_NUM(now, 0));
	place->mono_ms = Z_LVAL_P(OBJ_PROP_NUM(now, 1));
	return place;
}
