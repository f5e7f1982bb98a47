/* What does a server say of a token, or of a user? Active\Document. */

#include "php_active.h"
#include "ext/json/php_json.h"

typedef struct {
	active_document *document; /* our own copy */
	zend_object std;
} document_object;

ACTIVE_OBJECT(document_object, document_of)
ACTIVE_NO_CONSTRUCTOR(Active_Document)

zend_class_entry *active_document_ce;
static active_handlers handlers;

void active_document_object(zval *value, active_document *document)
{
	object_init_ex(value, active_document_ce);
	document_of(Z_OBJ_P(value))->document = document;
}

const active_document *active_document_of(zend_object *document)
{
	return document_of(document)->document;
}

void active_json_decode(zval *value, const char *json, size_t length)
{
	/* A byte order mark is not JSON, but some servers write one. */
	if (length >= 3 && memcmp(json, "\xEF\xBB\xBF", 3) == 0) {
		json += 3;
		length -= 3;
	}
	php_json_decode_ex(value, json, length, PHP_JSON_OBJECT_AS_ARRAY | PHP_JSON_BIGINT_AS_STRING, PHP_JSON_PARSER_DEFAULT_DEPTH);
}

ZEND_METHOD(Active_Document, field)
{
	zend_string *pointer;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(pointer)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(pointer, "pointer")) {
		RETURN_THROWS();
	}
	const char *json = active_document_field(document_of(Z_OBJ_P(ZEND_THIS))->document, ZSTR_VAL(pointer));
	if (json) {
		active_json_decode(return_value, json, strlen(json));
	}
}

ZEND_METHOD(Active_Document, value)
{
	ZEND_PARSE_PARAMETERS_NONE();
	const active_document *document = document_of(Z_OBJ_P(ZEND_THIS))->document;
	if (document) {
		active_json_decode(return_value, document->json, document->json_length);
	}
	/* Deeper than PHP decodes: the answer has it. */
	if (Z_TYPE_P(return_value) != IS_ARRAY) {
		zval_ptr_dtor(return_value);
		array_init(return_value);
	}
}

static void read_answer(zend_object *object, zval *value)
{
	const active_document *document = document_of(object)->document;
	ZVAL_STR(value, document ? active_bytes(document->json, document->json_length) : ZSTR_EMPTY_ALLOC());
}

static void free_document(zend_object *object)
{
	active_document_free(document_of(object)->document);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(document_object, ce, &handlers);
}

void active_document_register(void)
{
	static const active_property properties[] = {
		{"answer", read_answer, ACTIVE_SECRET},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(document_object, std), free_document, properties);
	active_document_ce->create_object = create;
}
