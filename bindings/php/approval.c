/* Which login does a user approve elsewhere? Active\Device and Active\Backchannel. */

#include "php_active.h"

typedef struct {
	active_device *login; /* our own copy */
	zend_object std;
} device_object;

typedef struct {
	active_backchannel *login;
	zend_object std;
} backchannel_object;

ACTIVE_OBJECT(device_object, device_of)
ACTIVE_OBJECT(backchannel_object, backchannel_of)
ACTIVE_NO_CONSTRUCTOR(Active_Device)
ACTIVE_NO_CONSTRUCTOR(Active_Backchannel)

zend_class_entry *active_device_ce, *active_backchannel_ce;
static active_handlers device_handlers, backchannel_handlers;

/* What both have: they differ in the library's functions only. */
#define APPROVAL(class, kind) \
	void active_##kind##_object(zval *value, active_##kind *login) \
	{ \
		object_init_ex(value, active_##kind##_ce); \
		kind##_of(Z_OBJ_P(value))->login = login; \
	} \
	const active_##kind *active_##kind##_of(zend_object *object) \
	{ \
		return kind##_of(object)->login; \
	} \
	ZEND_METHOD(class, saved) \
	{ \
		ZEND_PARSE_PARAMETERS_NONE(); \
		const char *saved = active_##kind##_saved(kind##_of(Z_OBJ_P(ZEND_THIS))->login); \
		if (!saved) { \
			active_error_throw_usage(#kind ": there is nothing to save"); \
			RETURN_THROWS(); \
		} \
		RETURN_STRING(saved); \
	} \
	ZEND_METHOD(class, restore) \
	{ \
		zend_string *saved; \
		ZEND_PARSE_PARAMETERS_START(1, 1) \
			Z_PARAM_STR(saved) \
		ZEND_PARSE_PARAMETERS_END(); \
		if (!active_text(saved, "saved " #kind)) { \
			RETURN_THROWS(); \
		} \
		active_##kind *login = active_##kind##_restore(ZSTR_VAL(saved)); \
		const active_error *error = active_##kind##_error(login); \
		if (error || !login) { \
			active_error_throw(error, NULL); \
			active_##kind##_free(login); \
			RETURN_THROWS(); \
		} \
		active_##kind##_object(return_value, login); \
	} \
	ZEND_METHOD(class, __serialize) \
	{ \
		ZEND_PARSE_PARAMETERS_NONE(); \
		active_error_throw_usage("%s is not serialized, because it holds secrets: store the text that saved() gives", ZSTR_VAL(active_##kind##_ce->name)); \
		RETURN_THROWS(); \
	} \
	ZEND_METHOD(class, __unserialize) \
	{ \
		zval *data; \
		ZEND_PARSE_PARAMETERS_START(1, 1) \
			Z_PARAM_ARRAY(data) \
		ZEND_PARSE_PARAMETERS_END(); \
		const char *name = ZSTR_VAL(active_##kind##_ce->name); \
		active_error_throw_usage("%s is not unserialized: use %s::restore() on the text that saved() gave", name, name); \
		RETURN_THROWS(); \
	} \
	static void kind##_expires_at(zend_object *object, zval *value) \
	{ \
		const active_##kind *login = kind##_of(object)->login; \
		ZVAL_LONG(value, login ? login->expires_at_ms : 0); \
	} \
	static void kind##_interval(zend_object *object, zval *value) \
	{ \
		ZVAL_DOUBLE(value, active_##kind##_interval_ms(kind##_of(object)->login) / 1000.0); \
	} \
	static void free_##kind(zend_object *object) \
	{ \
		active_##kind##_free(kind##_of(object)->login); \
		zend_object_std_dtor(object); \
	} \
	static zend_object *create_##kind(zend_class_entry *ce) \
	{ \
		return ACTIVE_NEW(kind##_object, ce, &kind##_handlers); \
	}

APPROVAL(Active_Device, device)
APPROVAL(Active_Backchannel, backchannel)

/* A text of the device; null where there is none. */
#define READ_TEXT(member) \
	static void read_##member(zend_object *object, zval *value) \
	{ \
		const active_device *device = device_of(object)->login; \
		active_string_or_null(value, device ? device->member : NULL); \
	}

READ_TEXT(user_code)
READ_TEXT(verification_uri)
READ_TEXT(verification_uri_complete)

static void read_deviations(zend_object *object, zval *value)
{
	const active_device *device = device_of(object)->login;
	active_list_of(value, device ? device->deviations : "");
}

void active_approval_register(void)
{
	static const active_property device[] = {
		{"userCode", read_user_code, ACTIVE_SECRET},
		{"verificationUri", read_verification_uri, ACTIVE_SHOWN},
		{"verificationUriComplete", read_verification_uri_complete, ACTIVE_SECRET},
		{"expiresAt", device_expires_at, ACTIVE_SHOWN},
		{"interval", device_interval, ACTIVE_SHOWN},
		{"deviations", read_deviations, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	static const active_property backchannel[] = {
		{"expiresAt", backchannel_expires_at, ACTIVE_SHOWN},
		{"interval", backchannel_interval, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&device_handlers, XtOffsetOf(device_object, std), free_device, device);
	active_device_ce->create_object = create_device;
	active_handlers_init(&backchannel_handlers, XtOffsetOf(backchannel_object, std), free_backchannel, backchannel);
	active_backchannel_ce->create_object = create_backchannel;
}
