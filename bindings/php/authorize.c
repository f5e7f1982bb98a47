/* How does a client send its user to the browser, and what comes back? The methods of Active\Client about a Login. */

#include "php_active.h"

/* What a login in the browser begins with. */
typedef struct {
	zend_string *redirect_uri;
	const active_challenge *step_up; /* NULL asks for nothing more */
	active_texts texts;
	int64_t lifetime_ms;
	active_now place;
	const active_now *now;
} asked_login;

/* False after an exception; else its texts are to be freed. */
static bool read_login(INTERNAL_FUNCTION_PARAMETERS, asked_login *asked)
{
	zend_string *redirect_uri;
	HashTable *parameters = NULL;
	double lifetime = 600.0;
	zval *now = NULL, *step_up = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 5)
		Z_PARAM_STR(redirect_uri)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(parameters)
		Z_PARAM_DOUBLE(lifetime)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(now, active_now_ce)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(step_up, active_challenge_ce)
	ZEND_PARSE_PARAMETERS_END_EX(return false);
	if (!active_text(redirect_uri, "redirect_uri")) {
		return false;
	}
	if (!(lifetime >= 0.001 && lifetime <= 24 * 3600.0)) {
		active_error_throw_usage("lifetime: must be seconds, from 0.001 to a day");
		return false;
	}
	if (!active_parameters_of(&asked->texts, parameters, "parameters")) {
		return false;
	}
	asked->redirect_uri = redirect_uri;
	asked->step_up = step_up ? active_challenge_of(Z_OBJ_P(step_up)) : NULL;
	asked->lifetime_ms = (int64_t) (lifetime * 1000);
	asked->now = active_now_of(now ? Z_OBJ_P(now) : NULL, &asked->place);
	return true;
}

ZEND_METHOD(Active_Client, authorize)
{
	asked_login asked;
	if (!read_login(INTERNAL_FUNCTION_PARAM_PASSTHRU, &asked)) {
		RETURN_THROWS();
	}
	active_login *login = active_client_authorize_step_up(active_client_of(Z_OBJ_P(ZEND_THIS)), asked.step_up, ZSTR_VAL(asked.redirect_uri), asked.texts.pairs,
		asked.texts.count, asked.lifetime_ms, asked.now);
	active_texts_free(&asked.texts);
	zend_object *thrown = active_callables_left();
	const active_error *error = active_login_error(login);
	if (error || !login) {
		active_error_throw(error, NULL);
		if (thrown) {
			zend_exception_set_previous(EG(exception), thrown);
		}
		active_login_free(login);
		RETURN_THROWS();
	}
	active_login_object(return_value, login);
}

static void push(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	asked_login asked;
	if (!read_login(INTERNAL_FUNCTION_PARAM_PASSTHRU, &asked)) {
		RETURN_THROWS();
	}
	active_exchange *exchange = active_client_push_step_up(active_client_of(Z_OBJ_P(ZEND_THIS)), asked.step_up, ZSTR_VAL(asked.redirect_uri), asked.texts.pairs,
		asked.texts.count, asked.lifetime_ms, asked.now);
	active_texts_free(&asked.texts);
	active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange, .client = Z_OBJ_P(ZEND_THIS)}, step_by_step, NULL);
}

ZEND_METHOD(Active_Client, push)
{
	push(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Client, beginPush)
{
	push(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

/* The handle of a Login or of a saved one; `*restored` is to be freed. NULL after an exception. */
static active_login *login_of(zval *login, active_login **restored)
{
	*restored = NULL;
	if (Z_TYPE_P(login) == IS_OBJECT && Z_OBJCE_P(login) == active_login_ce) {
		return active_login_of(Z_OBJ_P(login));
	}
	if (Z_TYPE_P(login) == IS_NULL || (Z_TYPE_P(login) == IS_STRING && Z_STRLEN_P(login) == 0)) {
		active_error_throw_expired("login: there is none; it was taken already, or never begun in this session");
		return NULL;
	}
	if (Z_TYPE_P(login) != IS_STRING) {
		zend_argument_type_error(1, "must be of type Active\\Login|string|null, %s given", zend_zval_type_name(login));
		return NULL;
	}
	if (!active_text(Z_STR_P(login), "saved login")) {
		return NULL;
	}
	*restored = active_login_restore(Z_STRVAL_P(login));
	const active_error *error = active_login_error(*restored);
	if (error || !*restored) {
		active_error_throw(error, NULL);
		active_login_free(*restored);
		return NULL;
	}
	return *restored;
}

/* A stored text is worthless once its login is taken: the variable that held it becomes null, or empty where its type allows no null. */
static void empty(zval *variable)
{
	if (!Z_ISREF_P(variable)) {
		return;
	}
	zend_reference *reference = Z_REF_P(variable);
	if (!ZEND_REF_HAS_TYPE_SOURCES(reference)) {
		zval_ptr_dtor(&reference->val);
		ZVAL_NULL(&reference->val);
	} else if (zend_try_assign_typed_ref_null(reference) == FAILURE) {
		zend_clear_exception();
		zend_try_assign_typed_ref_empty_string(reference);
	}
}

static void callback(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zval *variable;
	zend_string *url;
	ZEND_PARSE_PARAMETERS_START(2, 2)
		Z_PARAM_ZVAL(variable)
		Z_PARAM_STR(url)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(url, "callback")) {
		RETURN_THROWS();
	}
	zval *value = variable;
	ZVAL_DEREF(value);
	active_login *restored, *login = login_of(value, &restored);
	if (!login) {
		RETURN_THROWS();
	}
	active_exchange *exchange = active_client_callback(active_client_of(Z_OBJ_P(ZEND_THIS)), login, ZSTR_VAL(url));
	active_conversation talk = {.exchange = exchange, .client = Z_OBJ_P(ZEND_THIS), .login = restored};
	/* Before the exchange, which may fail: the login is over then, too, unless a signed answer proves to be forged. */
	if (restored && active_login_is_taken(restored)) {
		talk.saved = zend_string_copy(Z_STR_P(value));
		ZVAL_COPY(&talk.variable, variable);
		empty(variable);
	}
	active_exchange_go_on(return_value, talk, step_by_step, NULL);
}

ZEND_METHOD(Active_Client, callback)
{
	callback(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Client, beginCallback)
{
	callback(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}
