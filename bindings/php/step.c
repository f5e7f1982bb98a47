/* What is to be done now? Active\Send, Active\Save, Active\Wait and Active\Store. */

#include "php_active.h"

typedef struct {
	zval what; /* a Request, a Token or milliseconds; a Store has none */
	zend_object std;
} step_object;

ACTIVE_OBJECT(step_object, step_of)
ACTIVE_NO_CONSTRUCTOR(Active_Send)
ACTIVE_NO_CONSTRUCTOR(Active_Save)
ACTIVE_NO_CONSTRUCTOR(Active_Wait)
ACTIVE_NO_CONSTRUCTOR(Active_Store)

zend_class_entry *active_step_ce, *active_send_ce, *active_save_ce, *active_wait_ce, *active_store_ce;
static active_handlers send_handlers, save_handlers, wait_handlers, store_handlers;

void active_step_send(zval *value, const active_request *request)
{
	object_init_ex(value, active_send_ce);
	active_request_object(&step_of(Z_OBJ_P(value))->what, request);
}

void active_step_save(zval *value, const active_token *token)
{
	object_init_ex(value, active_save_ce);
	active_token_object(&step_of(Z_OBJ_P(value))->what, active_token_copy(token));
}

void active_step_wait(zval *value, int64_t milliseconds)
{
	object_init_ex(value, active_wait_ce);
	ZVAL_LONG(&step_of(Z_OBJ_P(value))->what, milliseconds);
}

void active_step_store(zval *value)
{
	object_init_ex(value, active_store_ce);
}

static void read_what(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &step_of(object)->what);
}

static void free_step(zend_object *object)
{
	zval_ptr_dtor(&step_of(object)->what);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	const active_handlers *handlers = ce == active_send_ce   ? &send_handlers
	                                : ce == active_save_ce  ? &save_handlers
	                                : ce == active_store_ce ? &store_handlers
								: &wait_handlers;
	return ACTIVE_NEW(step_object, ce, handlers);
}

void active_step_register(void)
{
	static const active_property send[] = {{"request", read_what, ACTIVE_SHOWN}, {NULL, NULL, ACTIVE_SHOWN}};
	static const active_property save[] = {{"token", read_what, ACTIVE_SHOWN}, {NULL, NULL, ACTIVE_SHOWN}};
	static const active_property wait[] = {{"milliseconds", read_what, ACTIVE_SHOWN}, {NULL, NULL, ACTIVE_SHOWN}};
	static const active_property store[] = {{NULL, NULL, ACTIVE_SHOWN}};
	size_t offset = XtOffsetOf(step_object, std);
	active_handlers_init(&send_handlers, offset, free_step, send);
	active_handlers_init(&save_handlers, offset, free_step, save);
	active_handlers_init(&wait_handlers, offset, free_step, wait);
	active_handlers_init(&store_handlers, offset, free_step, store);
	active_send_ce->create_object = active_save_ce->create_object = active_wait_ce->create_object = active_store_ce->create_object = create;
}
