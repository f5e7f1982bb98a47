/* Who is told of what a session does? The callables of the Active\Session whose exchange is stepped.
 *
 * The library tells in the midst of a step, when no PHP may run: a callable can throw, end the program (a longjmp), or step that very exchange.
 * So what it tells is noted, and handed on when the step is over. The library's sessions outlive the PHP request and belong to all objects that
 * are made alike; the callables belong to one object, and nobody is told who is not being stepped for. */

#include "php_active.h"

/* Notes an object for who listens; memory may run out. */
static void note(void (*make)(zval *value, const void *told), const void *told)
{
	zval *news = ACTIVE_G(news);
	if (!news) {
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

active_step active_hooks_step(const active_hooks *hooks, active_exchange *exchange, const active_now *now)
{
	bool listens = hooks && (Z_TYPE(hooks->on_change) != IS_UNDEF || Z_TYPE(hooks->on_error) != IS_UNDEF);
	zval news, *outer = ACTIVE_G(news);
	array_init(&news);
	ACTIVE_G(news) = listens ? &news : NULL;
	active_step step = active_exchange_step(exchange, now);
	ACTIVE_G(news) = outer;
	if (ACTIVE_G(over)) {
		ACTIVE_G(over) = false;
		zend_bailout();
	}
	tell(hooks, Z_ARRVAL(news));
	zval_ptr_dtor(&news);
	return step;
}
