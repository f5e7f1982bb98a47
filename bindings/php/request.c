/* What is to be sent? Active\Request: a copy of the library's request, for the program's own transport. */

#include "php_active.h"

typedef struct {
	zval method, url, headers, body;
	zend_object std;
} request_object;

ACTIVE_OBJECT(request_object, request_of)
ACTIVE_NO_CONSTRUCTOR(Active_Request)

zend_class_entry *active_request_ce;
static active_handlers handlers;

void active_request_object(zval *value, const active_request *request)
{
	object_init_ex(value, active_request_ce);
	request_object *object = request_of(Z_OBJ_P(value));
	ZVAL_STRING(&object->method, request->method);
	ZVAL_STRING(&object->url, request->url);
	active_headers_array(&object->headers, request->headers, request->header_count);
	ZVAL_STR(&object->body, active_bytes(request->body, request->body_length));
}

static void read_method(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &request_of(object)->method);
}

static void read_url(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &request_of(object)->url);
}

static void read_headers(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &request_of(object)->headers);
}

static void read_body(zend_object *object, zval *value)
{
	ZVAL_COPY(value, &request_of(object)->body);
}

static void free_request(zend_object *object)
{
	request_object *request = request_of(object);
	zval_ptr_dtor(&request->method);
	zval_ptr_dtor(&request->url);
	zval_ptr_dtor(&request->headers);
	zval_ptr_dtor(&request->body);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(request_object, ce, &handlers);
}

void active_request_register(void)
{
	static const active_property properties[] = {
		{"method", read_method, ACTIVE_SHOWN},
		{"url", read_url, ACTIVE_SECRET},
		{"headers", read_headers, ACTIVE_SECRET},
		{"body", read_body, ACTIVE_SECRET},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(request_object, std), free_request, properties);
	active_request_ce->create_object = create;
}
