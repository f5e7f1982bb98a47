/* Whose move is it? Active\Error and its seven kinds.
 *
 * Properties are declared and read-only; the answer's body, which may hold secrets, is kept out of them. */

#include "php_active.h"
#include "ext/spl/spl_exceptions.h"

typedef struct {
	zend_string *body;
	zend_object std;
} error_object;

ACTIVE_OBJECT(error_object, error_of)

/* The declared properties, in the order of the stub. Their slots come after those of RuntimeException. */
enum { KIND, ERROR_CODE, STANDARD_CODE, DESCRIPTION, ERROR_URI, STATUS, TRANSIENT, MAY_HAVE_BEEN_SENT, AMBIGUOUS, RETRY_AFTER, RENEWED, PROPERTIES };

zend_class_entry *active_error_ce, *active_usage_ce, *active_refused_ce, *active_garbled_ce, *active_untrusted_ce, *active_expired_ce, *active_no_answer_ce,
	*active_store_error_ce;
static zend_object_handlers handlers;
static zend_object *(*create_exception)(zend_class_entry *ce);

static zval *slot(zend_object *error, int property)
{
	return OBJ_PROP_NUM(error, spl_ce_RuntimeException->default_properties_count + property);
}

static const char *kind_name(zend_class_entry *ce)
{
	return ce == active_refused_ce   ? "refused"
	     : ce == active_garbled_ce   ? "garbled"
	     : ce == active_untrusted_ce ? "untrusted"
	     : ce == active_expired_ce   ? "expired"
	     : ce == active_no_answer_ce ? "no_answer"
	     : ce == active_store_error_ce ? "store"
					   : "usage";
}

/* The engine makes an exception (with its trace) as a plain object; it is moved into one that has room for the body. */
static zend_object *create(zend_class_entry *ce)
{
	zend_object *plain = create_exception(ce);
	error_object *error = zend_object_alloc(sizeof(error_object), ce);
	zend_object_std_init(&error->std, ce);
	for (int i = 0; i < ce->default_properties_count; i++) {
		ZVAL_COPY_PROP(&error->std.properties_table[i], &plain->properties_table[i]);
	}
	error->std.handlers = &handlers;
	OBJ_RELEASE(plain);
	ZVAL_STRING(slot(&error->std, KIND), kind_name(ce));
	for (int i = ERROR_CODE; i < PROPERTIES; i++) {
		ZVAL_NULL(slot(&error->std, i));
	}
	ZVAL_FALSE(slot(&error->std, TRANSIENT));
	ZVAL_FALSE(slot(&error->std, AMBIGUOUS));
	return &error->std;
}

static void free_error(zend_object *object)
{
	error_object *error = error_of(object);
	if (error->body) {
		zend_string_release(error->body);
	}
	zend_object_std_dtor(object);
}

static zend_class_entry *class_of(active_kind kind)
{
	switch (kind) {
		case ACTIVE_REFUSED: return active_refused_ce;
		case ACTIVE_GARBLED: return active_garbled_ce;
		case ACTIVE_UNTRUSTED: return active_untrusted_ce;
		case ACTIVE_EXPIRED: return active_expired_ce;
		case ACTIVE_NO_ANSWER: return active_no_answer_ce;
		case ACTIVE_STORE_FAILED: return active_store_error_ce;
		case ACTIVE_USAGE: break;
	}
	return active_usage_ce;
}

void active_error_object(zval *value, const active_error *why, const active_token *renewed)
{
	object_init_ex(value, class_of(why->kind));
	zend_object *error = Z_OBJ_P(value);
	zend_update_property_string(zend_ce_exception, error, ZEND_STRL("message"), why->message);
	active_string_or_null(slot(error, ERROR_CODE), why->code);
	active_string_or_null(slot(error, STANDARD_CODE), why->standard_code);
	active_string_or_null(slot(error, DESCRIPTION), why->description);
	active_string_or_null(slot(error, ERROR_URI), why->error_uri);
	if (why->status) {
		ZVAL_LONG(slot(error, STATUS), why->status);
	}
	ZVAL_BOOL(slot(error, TRANSIENT), why->transient);
	if (why->kind == ACTIVE_NO_ANSWER) {
		ZVAL_BOOL(slot(error, MAY_HAVE_BEEN_SENT), why->may_have_been_sent);
	}
	ZVAL_BOOL(slot(error, AMBIGUOUS), why->ambiguous);
	if (why->retry_after_ms >= 0) {
		ZVAL_DOUBLE(slot(error, RETRY_AFTER), (double) why->retry_after_ms / 1000);
	}
	if (renewed) {
		active_token_object(slot(error, RENEWED), active_token_copy(renewed));
	}
	if (why->body) {
		error_of(error)->body = active_bytes(why->body, why->body_length);
	}
}

void active_error_throw(const active_error *why, const active_token *renewed)
{
	if (!why) {
		active_error_throw_usage("libactive gave no reason, please report it");
		return;
	}
	zval error;
	active_error_object(&error, why, renewed);
	zend_throw_exception_object(&error);
}

void active_error_throw_usage(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	zend_string *message = zend_vstrpprintf(0, format, arguments);
	va_end(arguments);
	zend_throw_exception(active_usage_ce, ZSTR_VAL(message), 0);
	zend_string_release(message);
}

void active_error_throw_untrusted(const char *message)
{
	zend_throw_exception(active_untrusted_ce, message, 0);
}

void active_error_throw_cancelled(void)
{
	zend_object *error = zend_throw_exception(active_no_answer_ce, "waiting for the next request: no answer (cancelled): the program cancelled it while waiting", 0);
	ZVAL_FALSE(slot(error, MAY_HAVE_BEEN_SENT));
	ZVAL_STRING(slot(error, ERROR_CODE), "cancelled");
}

void active_error_throw_expired(const char *message)
{
	zend_throw_exception(active_expired_ce, message, 0);
}

void active_error_throw_garbled(const char *message, int status, zend_string *body)
{
	zend_object *error = zend_throw_exception(active_garbled_ce, message, 0);
	ZVAL_LONG(slot(error, STATUS), status);
	error_of(error)->body = zend_string_copy(body);
}

/* The exception's own text may hold anything, a URL with a token too: only its class is handed on. */
void active_error_to_no_answer(zend_object *exception, active_exchange *exchange)
{
	bool may_have_been_sent = true;
	const char *cause = "other";
	if (exception->ce == active_no_answer_ce) {
		may_have_been_sent = Z_TYPE_P(slot(exception, MAY_HAVE_BEEN_SENT)) != IS_FALSE;
		zval *code = slot(exception, ERROR_CODE);
		cause = Z_TYPE_P(code) == IS_STRING ? Z_STRVAL_P(code) : cause;
	}
	char *detail;
	spprintf(&detail, 0, "the carrying callable threw %s", ZSTR_VAL(exception->ce->name));
	active_exchange_no_answer(exchange, may_have_been_sent, cause, detail);
	efree(detail);
}

ZEND_METHOD(Active_Error, body)
{
	ZEND_PARSE_PARAMETERS_NONE();
	zend_string *body = error_of(Z_OBJ_P(ZEND_THIS))->body;
	if (body) {
		RETURN_STR_COPY(body);
	}
}

ZEND_METHOD(Active_NoAnswer, __construct)
{
	zend_string *message = ZSTR_EMPTY_ALLOC(), *cause = NULL;
	bool may_have_been_sent = true;
	zval *previous = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 4)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(message)
		Z_PARAM_BOOL(may_have_been_sent)
		Z_PARAM_STR(cause)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(previous, zend_ce_throwable)
	ZEND_PARSE_PARAMETERS_END();
	zend_object *error = Z_OBJ_P(ZEND_THIS);
	if (Z_TYPE_P(slot(error, MAY_HAVE_BEEN_SENT)) != IS_NULL) {
		zend_throw_error(NULL, "Active\\NoAnswer is made already");
		RETURN_THROWS();
	}
	zend_update_property_str(zend_ce_exception, error, ZEND_STRL("message"), message);
	if (previous) {
		zend_update_property(zend_ce_exception, error, ZEND_STRL("previous"), previous);
	}
	ZVAL_BOOL(slot(error, MAY_HAVE_BEEN_SENT), may_have_been_sent);
	ZVAL_STR(slot(error, ERROR_CODE), cause ? zend_string_copy(cause) : zend_string_init("other", 5, 0));
}

void active_error_register(void)
{
	zend_class_entry *all[] = {
		active_error_ce, active_usage_ce, active_refused_ce, active_garbled_ce, active_untrusted_ce, active_expired_ce, active_no_answer_ce,
		active_store_error_ce,
	};
	create_exception = zend_ce_exception->create_object;
	memcpy(&handlers, &std_object_handlers, sizeof(handlers));
	handlers.offset = XtOffsetOf(error_object, std);
	handlers.free_obj = free_error;
	handlers.clone_obj = NULL;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		all[i]->create_object = create;
	}
}
