/* When may PHP run in the midst of the library?
 *
 * Never so that it leaves it by a longjmp (no memory, no time), switches to another fiber there, or comes back to the handle that is at work.
 *
 * What signs has to run there and then, and so do the handlers of signals (pcntl) while the library waits: whatever ends them is kept until the library was
 * left, and an exchange is closed while it steps or carries. What is told
 * of a session's tokens can wait: it is noted, and handed on when the step is over. The library's sessions outlive the PHP request and belong to
 * all objects that are made alike; the callables belong to one object, and nobody is told who is not being stepped for. */

#include "php_active.h"
#include "zend_fibers.h"

/* The callable's signature; false after an exception. */
static bool signs(zval *callable, const uint8_t *message, size_t message_length, uint8_t *signature, size_t *signature_length)
{
	zval argument, result;
	ZVAL_STRINGL(&argument, (const char *) message, message_length);
	call_user_function(NULL, NULL, callable, &result, 1, &argument);
	zval_ptr_dtor(&argument);
	bool good = !EG(exception) && Z_TYPE(result) == IS_STRING && Z_STRLEN(result) <= *signature_length;
	if (good) {
		memcpy(signature, Z_STRVAL(result), Z_STRLEN(result));
		*signature_length = Z_STRLEN(result);
	} else if (!EG(exception)) {
		active_error_throw_usage("sign: the callable must return the signature, a string of %zu bytes at most", *signature_length);
	}
	zval_ptr_dtor(&result);
	return good;
}

/* Keeps what was thrown until the library is left. */
static void keep_thrown(void)
{
	if (EG(exception) && !ACTIVE_G(over)) {
		ACTIVE_G(thrown) = EG(exception);
		GC_ADDREF(ACTIVE_G(thrown));
		zend_clear_exception();
	}
}

/* Before the program's own code runs in the middle of ours: it switches to no other fiber, and what it begins tells its own news. */
static zval *program_begins(void)
{
	zval *listening = ACTIVE_G(news);
	ACTIVE_G(news) = NULL;
	zend_fiber_switch_block();
	return listening;
}

/* After it, whatever way it ended. */
static void program_ended(zval *listening)
{
	zend_fiber_switch_unblock();
	ACTIVE_G(news) = listening;
	keep_thrown();
}

int active_callable_signs(void *callable, const uint8_t *message, size_t message_length, uint8_t *signature, size_t *signature_length)
{
	if (ACTIVE_G(over) || ACTIVE_G(thrown)) {
		return 1;
	}
	volatile bool good = false; /* a longjmp leaves it as it is */
	zval *listening = program_begins();
	zend_try {
		good = signs(callable, message, message_length, signature, signature_length);
	} zend_catch {
		ACTIVE_G(over) = true;
	} zend_end_try();
	program_ended(listening);
	return good ? 0 : 1;
}

/* Whether a signal came that the program has a handler for. */
static bool signal_came(void)
{
	return zend_interrupt_function && zend_atomic_bool_load_ex(&EG(vm_interrupt)) && !zend_atomic_bool_load_ex(&EG(timed_out));
}

static void run_handlers(void)
{
	zend_atomic_bool_store_ex(&EG(vm_interrupt), false);
	zend_interrupt_function(EG(current_execute_data));
}

int active_callables_wait(void *context)
{
	if (!signal_came()) {
		/* The time of the program is over: PHP ends it as soon as it goes on. */
		return ACTIVE_G(over) || ACTIVE_G(thrown) || zend_atomic_bool_load_ex(&EG(timed_out));
	}
	zval *listening = program_begins();
	zend_try {
		run_handlers();
	} zend_catch {
		ACTIVE_G(over) = true;
	} zend_end_try();
	program_ended(listening);
	return ACTIVE_G(over) || ACTIVE_G(thrown);
}

bool active_callables_nap(const active_conversation *talk, int64_t milliseconds)
{
	for (; milliseconds > 0 && !talk->cancelled; milliseconds -= 100) {
		usleep((useconds_t) (milliseconds < 100 ? milliseconds : 100) * 1000);
		if (signal_came()) {
			run_handlers();
			if (EG(exception)) {
				return false;
			}
		}
	}
	if (talk->cancelled) {
		active_error_throw_cancelled();
	}
	return !talk->cancelled;
}

zend_object *active_callables_left(void)
{
	if (ACTIVE_G(over)) {
		ACTIVE_G(over) = false;
		zend_bailout();
	}
	zend_object *thrown = ACTIVE_G(thrown);
	ACTIVE_G(thrown) = NULL;
	/* exit() within the callable. */
	if (thrown && zend_is_unwind_exit(thrown)) {
		OBJ_RELEASE(thrown);
		zend_throw_unwind_exit();
		return NULL;
	}
	return thrown;
}

/* Notes an object for who listens. */
static void note(void (*make)(zval *value, const void *told), const void *told)
{
	zval *news = ACTIVE_G(news);
	if (!news || ACTIVE_G(over)) {
		return;
	}
	zend_try {
		zval value;
		make(&value, told);
		add_next_index_zval(news, &value);
	} zend_catch {
		ACTIVE_G(over) = true;
	} zend_end_try();
}

static void make_token(zval *value, const void *told)
{
	active_token_object(value, active_token_copy(told));
}

static void make_error(zval *value, const void *told)
{
	active_error_object(value, told, NULL);
}

static void changed(void *context, const active_token *token)
{
	note(make_token, token);
}

static void failed(void *context, const active_error *error)
{
	note(make_error, error);
}

void active_hooks_set(active_session *session)
{
	active_session_on_change(session, changed, NULL);
	active_session_on_error(session, failed, NULL);
}

/* Hands on what was noted; the first that a callable throws ends it. */
static void tell(const active_hooks *hooks, HashTable *news)
{
	zval *told;
	ZEND_HASH_FOREACH_VAL(news, told) {
		zval *callable = (zval *) (Z_OBJCE_P(told) == active_token_ce ? &hooks->on_change : &hooks->on_error);
		if (Z_TYPE_P(callable) != IS_UNDEF) {
			zval result;
			call_user_function(NULL, NULL, callable, &result, 1, told);
			zval_ptr_dtor(&result);
		}
		if (EG(exception)) {
			return;
		}
	} ZEND_HASH_FOREACH_END();
}

active_step active_callables_step(active_conversation *talk, const active_now *now)
{
	const active_hooks *hooks = talk->session ? active_session_hooks(talk->session) : NULL;
	bool listens = hooks && (Z_TYPE(hooks->on_change) != IS_UNDEF || Z_TYPE(hooks->on_error) != IS_UNDEF);
	zval news, *outer = ACTIVE_G(news);
	ZVAL_EMPTY_ARRAY(&news);
	if (listens) {
		array_init(&news);
	}
	ACTIVE_G(news) = listens ? &news : NULL;
	talk->stepping = true;
	active_step step = active_exchange_step(talk->exchange, now);
	talk->stepping = false;
	ACTIVE_G(news) = outer;
	zend_object *thrown = active_callables_left();
	if (thrown) {
		active_exchange_forget(&talk->lost);
		talk->lost = thrown;
	}
	if (listens && !EG(exception)) {
		talk->telling = true;
		tell(hooks, Z_ARRVAL(news));
		talk->telling = false;
	}
	zval_ptr_dtor(&news);
	return step;
}
