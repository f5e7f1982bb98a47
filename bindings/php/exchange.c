/* What happens next? Active\Exchange, and the loop that every method which blocks is. */

#include "php_active.h"

typedef struct {
	active_conversation talk;
	zval result; /* undefined before the end */
	zend_object std;
} exchange_object;

ACTIVE_OBJECT(exchange_object, exchange_of)
ACTIVE_NO_CONSTRUCTOR(Active_Exchange)

zend_class_entry *active_exchange_ce;
static active_handlers handlers;

void active_exchange_forget(zend_object **object)
{
	/* Its destructor may come back here. */
	zend_object *old = *object;
	*object = NULL;
	if (old) {
		OBJ_RELEASE(old);
	}
}

/* A forged answer has taken no login: the text of it is worth something again. A signed one (JARM) is known to be forged only now. */
static void reopen(active_conversation *talk)
{
	if (!talk->saved || active_login_is_taken(talk->login) || !Z_ISREF(talk->variable)) {
		return;
	}
	zend_reference *reference = Z_REF(talk->variable);
	if (ZEND_REF_HAS_TYPE_SOURCES(reference)) {
		zend_try_assign_typed_ref_str(reference, zend_string_copy(talk->saved));
	} else {
		zval_ptr_dtor(&reference->val);
		ZVAL_STR_COPY(&reference->val, talk->saved);
	}
}

static void fail(active_conversation *talk)
{
	reopen(talk);
	active_error_throw(active_exchange_error(talk->exchange), active_exchange_token(talk->exchange));
	if (talk->lost) {
		zend_exception_set_previous(EG(exception), talk->lost);
		talk->lost = NULL;
	}
}

/* Hands in an answer; `method` is what an error calls its giver. False after an exception. */
static bool receive(active_exchange *exchange, zend_long status, HashTable *headers, zend_string *body, const char *method)
{
	/* RFC 9110 §15: "a three-digit integer code". */
	if (status < 100 || status > 999) {
		active_error_throw_usage("%s: " ZEND_LONG_FMT " is no HTTP status", method, status);
		return false;
	}
	active_texts texts;
	if (!active_texts_of_headers(&texts, headers, method)) {
		return false;
	}
	active_exchange_receive(exchange, (int) status, texts.pairs, texts.count, ZSTR_VAL(body), ZSTR_LEN(body));
	active_texts_free(&texts);
	return true;
}

/* Takes over an exception, so that the exchange may say what it means. Errors of the program itself go on as they are. */
static bool take_exception(active_conversation *talk)
{
	if (!instanceof_function(EG(exception)->ce, zend_ce_exception)) {
		return false;
	}
	active_exchange_forget(&talk->lost);
	talk->lost = EG(exception);
	GC_ADDREF(talk->lost);
	zend_clear_exception();
	active_error_to_no_answer(talk->lost, talk->exchange);
	return true;
}

static bool carry_by_callable(active_conversation *talk, zval *callable)
{
	if (talk->cancelled) {
		active_exchange_no_answer(talk->exchange, false, "cancelled", "the program cancelled it");
		return true;
	}
	const active_request *request = active_exchange_request(talk->exchange);
	if (!request) {
		active_error_throw_usage("carry: there is no request, step first");
		return false;
	}
	zval argument, result;
	active_request_object(&argument, request);
	call_user_function(NULL, NULL, callable, &result, 1, &argument);
	zval_ptr_dtor(&argument);
	if (EG(exception)) {
		zval_ptr_dtor(&result);
		return take_exception(talk);
	}
	HashTable *parts = Z_TYPE(result) == IS_ARRAY ? Z_ARRVAL(result) : NULL;
	zval *status = parts ? zend_hash_index_find_deref(parts, 0) : NULL;
	zval *headers = parts ? zend_hash_index_find_deref(parts, 1) : NULL;
	zval *body = parts ? zend_hash_index_find_deref(parts, 2) : NULL;
	bool good = status && headers && body && Z_TYPE_P(status) == IS_LONG && Z_TYPE_P(headers) == IS_ARRAY && Z_TYPE_P(body) == IS_STRING;
	if (good) {
		/* Held: where they came by reference, a header's own __toString() may take them away. */
		zval held[2];
		ZVAL_COPY(&held[0], headers);
		ZVAL_COPY(&held[1], body);
		good = receive(talk->exchange, Z_LVAL_P(status), Z_ARRVAL(held[0]), Z_STR(held[1]), "carry");
		zval_ptr_dtor(&held[0]);
		zval_ptr_dtor(&held[1]);
	} else {
		active_error_throw_usage("carry: the callable must return [int status, array headers, string body]");
	}
	zval_ptr_dtor(&result);
	return good;
}

/* False after an exception. */
static bool carry(active_conversation *talk)
{
	zval *callable = talk->client ? active_client_carry(talk->client) : NULL;
	if (callable && Z_TYPE_P(callable) != IS_UNDEF) {
		return carry_by_callable(talk, callable);
	}
	active_exchange_on_wait(talk->exchange, active_callables_wait, NULL);
	talk->stepping = true;
	active_exchange_carry(talk->exchange);
	talk->stepping = false;
	zend_object *thrown = active_callables_left();
	if (thrown) {
		/* By a signal's handler: it goes on as from any other place. */
		zval exception;
		ZVAL_OBJ(&exception, thrown);
		zend_throw_exception_object(&exception);
	}
	return !EG(exception);
}

/* False after an exception. */
static bool save(zval *callable, const active_token *token)
{
	if (!callable) {
		return true;
	}
	zval argument, result;
	active_token_object(&argument, active_token_copy(token));
	call_user_function(NULL, NULL, callable, &result, 1, &argument);
	zval_ptr_dtor(&argument);
	zval_ptr_dtor(&result);
	return !EG(exception);
}

/* What the exchange has ended with; nothing for a logout. */
static void result(active_conversation *talk, zval *value)
{
	active_exchange *exchange = talk->exchange;
	const active_answer *answer = active_exchange_answer(exchange);
	const active_token *token = active_exchange_token(exchange);
	const active_document *document = active_exchange_document(exchange);
	const active_device *device = active_exchange_device(exchange);
	const active_backchannel *backchannel = active_exchange_backchannel(exchange);
	const char *record = active_exchange_record(exchange);
	const active_admission *admission = active_exchange_admission(exchange);
	const char *text = active_exchange_text(exchange);
	const active_jws *jws = active_exchange_jws(exchange);
	active_login *login = active_exchange_take_login(exchange);
	if (answer) {
		active_reply_object(value, answer, token, talk->token);
	} else if (token) {
		active_token_object(value, active_token_copy(token));
	} else if (admission) {
		active_admission_object(value, admission, active_exchange_take_client(exchange), talk->agent);
	} else if (document && talk->record) {
		zend_string *json = active_bytes(document->json, document->json_length);
		active_registration_object(value, talk->record, talk->agent, json);
		zend_string_release(json);
	} else if (document) {
		active_document_object(value, active_document_copy(document));
	} else if (device) {
		active_device_object(value, active_device_copy(device));
	} else if (backchannel) {
		active_backchannel_object(value, active_backchannel_copy(backchannel));
	} else if (login) {
		active_login_object(value, login);
	} else if (jws) {
		active_jws_object(value, jws);
	} else if (record || text) {
		ZVAL_STRING(value, record ? record : text);
	}
}

/* The loop: leaves the result in `value`, or an exception. */
static void to_end(active_conversation *talk, zval *value, zval *callable)
{
	for (;;) {
		active_step next = active_callables_step(talk, NULL);
		if (EG(exception) && next != ACTIVE_FAILED) {
			return;
		}
		switch (next) {
			case ACTIVE_SEND:
				if (!carry(talk)) {
					return;
				}
				break;
			case ACTIVE_SAVE:
				if (!save(callable, active_exchange_token(talk->exchange))) {
					return;
				}
				break;
			case ACTIVE_WAIT:
				if (!active_callables_nap(talk, active_exchange_wait_ms(talk->exchange))) {
					return;
				}
				break;
			case ACTIVE_STORE:
				active_exchange_store(talk->exchange);
				break;
			case ACTIVE_DONE:
				result(talk, value);
				return;
			case ACTIVE_FAILED:
				fail(talk);
				return;
		}
	}
}

/* What it has of its own. */
static void end(active_conversation *talk)
{
	active_exchange_free(talk->exchange);
	active_exchange_forget(&talk->lost);
	active_login_free(talk->login);
	if (talk->saved) {
		zend_string_release(talk->saved);
	}
	zval_ptr_dtor(&talk->variable);
}

/* The objects that a conversation holds, for who counts and who collects them. */
#define HELD(talk) {(talk)->client, (talk)->session, (talk)->token, (talk)->key, (talk)->agent}
#define HELD_COUNT 5

static void hand_out(zval *value, const active_conversation *talk)
{
	object_init_ex(value, active_exchange_ce);
	exchange_of(Z_OBJ_P(value))->talk = *talk;
	zend_object *held[HELD_COUNT] = HELD(talk);
	for (size_t i = 0; i < HELD_COUNT; i++) {
		if (held[i]) {
			GC_ADDREF(held[i]);
		}
	}
	if (talk->record) {
		zend_string_addref(talk->record);
	}
}

void active_exchange_go_on(zval *value, active_conversation talk, bool step_by_step, zval *save)
{
	/* Some sign what they are begun with. */
	talk.lost = active_callables_left();
	if (step_by_step) {
		hand_out(value, &talk);
	} else if (talk.session) {
		/* As an object: should the program end in the midst of it (a fatal error in the carrying callable), PHP frees that, and so the exchange, for
		 * which others of this process may wait. */
		zval object;
		hand_out(&object, &talk);
		to_end(&exchange_of(Z_OBJ(object))->talk, value, save);
		zval_ptr_dtor(&object);
	} else {
		to_end(&talk, value, save);
		end(&talk);
	}
}

/* The handle, which the callables that a step calls must leave alone: while one signs the library is at work on it, and what a step gave is not
 * handed out before a session's have been told. NULL after a Usage. */
static active_exchange *at_rest(exchange_object *object, const char *method)
{
	if (object->talk.stepping || object->talk.telling) {
		active_error_throw_usage("%s: this exchange is in the midst of a step, which the callables of that step cannot use", method);
		return NULL;
	}
	return object->talk.exchange;
}

ZEND_METHOD(Active_Exchange, step)
{
	zval *now = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(now, active_now_ce)
	ZEND_PARSE_PARAMETERS_END();
	exchange_object *object = exchange_of(Z_OBJ_P(ZEND_THIS));
	active_exchange *exchange = at_rest(object, "step");
	if (!exchange) {
		RETURN_THROWS();
	}
	active_now place;
	active_step next = active_callables_step(&object->talk, active_now_of(now ? Z_OBJ_P(now) : NULL, &place));
	/* What a session's callable has thrown. An end stays an end, with its result. */
	if (EG(exception) && next != ACTIVE_FAILED && next != ACTIVE_DONE) {
		RETURN_THROWS();
	}
	switch (next) {
		case ACTIVE_SEND:
			active_step_send(return_value, active_exchange_request(exchange));
			return;
		case ACTIVE_SAVE:
			active_step_save(return_value, active_exchange_token(exchange));
			return;
		case ACTIVE_WAIT:
			active_step_wait(return_value, active_exchange_wait_ms(exchange));
			return;
		case ACTIVE_STORE:
			active_step_store(return_value);
			return;
		case ACTIVE_DONE:
			if (Z_TYPE(object->result) == IS_UNDEF) {
				result(&object->talk, &object->result);
			}
			RETURN_NULL();
		case ACTIVE_FAILED:
			fail(&object->talk);
			RETURN_THROWS();
	}
}

ZEND_METHOD(Active_Exchange, receive)
{
	zend_long status;
	HashTable *headers;
	zend_string *body;
	ZEND_PARSE_PARAMETERS_START(3, 3)
		Z_PARAM_LONG(status)
		Z_PARAM_ARRAY_HT(headers)
		Z_PARAM_STR(body)
	ZEND_PARSE_PARAMETERS_END();
	active_exchange *exchange = at_rest(exchange_of(Z_OBJ_P(ZEND_THIS)), "receive");
	if (exchange) {
		receive(exchange, status, headers, body, "receive");
	}
}

ZEND_METHOD(Active_Exchange, noAnswer)
{
	bool may_have_been_sent;
	zend_string *cause = NULL, *detail = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 3)
		Z_PARAM_BOOL(may_have_been_sent)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(cause)
		Z_PARAM_STR(detail)
	ZEND_PARSE_PARAMETERS_END();
	if ((cause && !active_text(cause, "cause")) || (detail && !active_text(detail, "detail"))) {
		RETURN_THROWS();
	}
	active_exchange *exchange = at_rest(exchange_of(Z_OBJ_P(ZEND_THIS)), "noAnswer");
	if (exchange) {
		active_exchange_no_answer(exchange, may_have_been_sent, cause ? ZSTR_VAL(cause) : NULL, detail ? ZSTR_VAL(detail) : NULL);
	}
}

ZEND_METHOD(Active_Exchange, carry)
{
	ZEND_PARSE_PARAMETERS_NONE();
	exchange_object *object = exchange_of(Z_OBJ_P(ZEND_THIS));
	if (at_rest(object, "carry")) {
		carry(&object->talk);
	}
}

ZEND_METHOD(Active_Exchange, store)
{
	ZEND_PARSE_PARAMETERS_NONE();
	active_exchange_store(at_rest(exchange_of(Z_OBJ_P(ZEND_THIS)), "store"));
}

ZEND_METHOD(Active_Exchange, cancel)
{
	ZEND_PARSE_PARAMETERS_NONE();
	active_conversation *talk = &exchange_of(Z_OBJ_P(ZEND_THIS))->talk;
	talk->cancelled = true;
	active_exchange_cancel(talk->exchange);
}

ZEND_METHOD(Active_Exchange, run)
{
	zend_fcall_info callable = empty_fcall_info;
	zend_fcall_info_cache cache;
	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_FUNC_OR_NULL(callable, cache)
	ZEND_PARSE_PARAMETERS_END();
	exchange_object *object = exchange_of(Z_OBJ_P(ZEND_THIS));
	if (!at_rest(object, "run")) {
		RETURN_THROWS();
	}
	to_end(&object->talk, return_value, ZEND_FCI_INITIALIZED(callable) ? &callable.function_name : NULL);
	if (Z_TYPE(object->result) == IS_UNDEF && Z_TYPE_P(return_value) > IS_NULL) {
		ZVAL_COPY(&object->result, return_value);
	}
}

static void read_token(zend_object *object, zval *value)
{
	active_conversation *talk = &exchange_of(object)->talk;
	const active_token *token = talk->stepping ? NULL : active_exchange_token(talk->exchange);
	if (token) {
		active_token_object(value, active_token_copy(token));
	}
}

static void read_reply(zend_object *object, zval *value)
{
	zval *result = &exchange_of(object)->result;
	if (Z_TYPE_P(result) == IS_OBJECT && Z_OBJCE_P(result) == active_reply_ce) {
		ZVAL_COPY(value, result);
	}
}

static void read_result(zend_object *object, zval *value)
{
	zval *result = &exchange_of(object)->result;
	if (Z_TYPE_P(result) != IS_UNDEF) {
		ZVAL_COPY(value, result);
	}
}

static HashTable *get_gc(zend_object *object, zval **table, int *count)
{
	exchange_object *exchange = exchange_of(object);
	zend_object *held[HELD_COUNT] = HELD(&exchange->talk);
	zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
	for (size_t i = 0; i < HELD_COUNT; i++) {
		if (held[i]) {
			zend_get_gc_buffer_add_obj(buffer, held[i]);
		}
	}
	if (exchange->talk.lost) {
		zend_get_gc_buffer_add_obj(buffer, exchange->talk.lost);
	}
	zend_get_gc_buffer_add_zval(buffer, &exchange->talk.variable);
	zend_get_gc_buffer_add_zval(buffer, &exchange->result);
	zend_get_gc_buffer_use(buffer, table, count);
	return NULL;
}

static void free_exchange(zend_object *object)
{
	exchange_object *exchange = exchange_of(object);
	end(&exchange->talk);
	zend_object *held[HELD_COUNT] = HELD(&exchange->talk);
	for (size_t i = 0; i < HELD_COUNT; i++) {
		if (held[i]) {
			OBJ_RELEASE(held[i]);
		}
	}
	if (exchange->talk.record) {
		zend_string_release(exchange->talk.record);
	}
	zval_ptr_dtor(&exchange->result);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(exchange_object, ce, &handlers);
}

void active_exchange_register(void)
{
	static const active_property properties[] = {
		{"token", read_token, ACTIVE_SHOWN},
		{"reply", read_reply, ACTIVE_SHOWN},
		{"result", read_result, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(exchange_object, std), free_exchange, properties);
	handlers.std.get_gc = get_gc;
	active_exchange_ce->create_object = create;
}
