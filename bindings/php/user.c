/* Whom did the server tell about? Active\User. */

#include "php_active.h"

enum { USER_ID, USER_TYPE, EMAIL, FULLNAME, PROFILE_PICTURE, TEXTS };

typedef struct {
	zval texts[TEXTS];
	zend_object std;
} user_object;

ACTIVE_OBJECT(user_object, user_of)
ACTIVE_NO_CONSTRUCTOR(Active_User)

zend_class_entry *active_user_ce;
static active_handlers handlers;

void active_user_object(zval *value, const active_user *user)
{
	object_init_ex(value, active_user_ce);
	zval *texts = user_of(Z_OBJ_P(value))->texts;
	active_string_or_null(&texts[USER_ID], user->user_id);
	active_string_or_null(&texts[USER_TYPE], user->user_type);
	active_string_or_null(&texts[EMAIL], user->email);
	active_string_or_null(&texts[FULLNAME], user->fullname);
	active_string_or_null(&texts[PROFILE_PICTURE], user->profile_picture);
}

#define READ_TEXT(name, index) \
	static void read_##name(zend_object *object, zval *value) \
	{ \
		zval *text = &user_of(object)->texts[index]; \
		if (Z_TYPE_P(text) == IS_STRING) { \
			ZVAL_COPY(value, text); \
		} \
	}

READ_TEXT(user_id, USER_ID)
READ_TEXT(user_type, USER_TYPE)
READ_TEXT(email, EMAIL)
READ_TEXT(fullname, FULLNAME)
READ_TEXT(profile_picture, PROFILE_PICTURE)

static void free_user(zend_object *object)
{
	for (int i = 0; i < TEXTS; i++) {
		zval_ptr_dtor(&user_of(object)->texts[i]);
	}
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(user_object, ce, &handlers);
}

/* Names and addresses are no secrets, but a person's own: a dump for a log shows only who is who. */
void active_user_register(void)
{
	static const active_property properties[] = {
		{"userId", read_user_id, ACTIVE_SHOWN},
		{"userType", read_user_type, ACTIVE_SHOWN},
		{"email", read_email, ACTIVE_SECRET},
		{"fullname", read_fullname, ACTIVE_SECRET},
		{"profilePicture", read_profile_picture, ACTIVE_SECRET},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(user_object, std), free_user, properties);
	active_user_ce->create_object = create;
}
