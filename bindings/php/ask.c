/* What does a client ask for? The methods of Active\Client that begin an exchange; each has a form that runs it and one that hands it out. */

#include "php_active.h"

/* What a method does with the exchange that it began: hand it out, or step it to its end. */
static void go_on(zval *return_value, zval *this, active_exchange *exchange, zend_object *token, bool step_by_step, zend_fcall_info *save)
{
	if (step_by_step) {
		active_exchange_object(return_value, exchange, Z_OBJ_P(this), token);
	} else {
		zval *callable = save && ZEND_FCI_INITIALIZED(*save) ? &save->function_name : NULL;
		active_exchange_to_end(return_value, exchange, Z_OBJ_P(this), token, callable);
	}
}

static void token(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zend_string *grant;
	HashTable *parameters = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_STR(grant)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(parameters)
	ZEND_PARSE_PARAMETERS_END();
	active_texts texts;
	if (!active_text(grant, "grant") || !active_texts_of(&texts, parameters, "parameters")) {
		RETURN_THROWS();
	}
	active_exchange *exchange = active_client_token(active_client_of(Z_OBJ_P(ZEND_THIS)), ZSTR_VAL(grant), texts.pairs, texts.count);
	active_texts_free(&texts);
	go_on(return_value, ZEND_THIS, exchange, NULL, step_by_step, NULL);
}

ZEND_METHOD(Active_Client, token)
{
	token(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Client, beginToken)
{
	token(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

static void refresh(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zval *old;
	zend_fcall_info save = empty_fcall_info;
	zend_fcall_info_cache cache;
	ZEND_PARSE_PARAMETERS_START(1, step_by_step ? 1 : 2)
		Z_PARAM_OBJECT_OF_CLASS(old, active_token_ce)
		Z_PARAM_OPTIONAL
		Z_PARAM_FUNC_OR_NULL(save, cache)
	ZEND_PARSE_PARAMETERS_END();
	active_exchange *exchange = active_client_refresh(active_client_of(Z_OBJ_P(ZEND_THIS)), active_token_of(Z_OBJ_P(old)));
	go_on(return_value, ZEND_THIS, exchange, NULL, step_by_step, &save);
}

ZEND_METHOD(Active_Client, refresh)
{
	refresh(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Client, beginRefresh)
{
	refresh(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

static void call(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	active_call given = {0};
	zval *with;
	zend_fcall_info save = empty_fcall_info;
	zend_fcall_info_cache cache;
	ZEND_PARSE_PARAMETERS_START(3, step_by_step ? 10 : 11)
		Z_PARAM_OBJECT_OF_CLASS(with, active_token_ce)
		Z_PARAM_STR(given.method)
		Z_PARAM_STR(given.target)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(given.query)
		Z_PARAM_ARRAY_HT(given.headers)
		Z_PARAM_ARRAY_HT_OR_NULL(given.form)
		Z_PARAM_ZVAL(given.json)
		Z_PARAM_STR_OR_NULL(given.body)
		Z_PARAM_STR(given.content_type)
		Z_PARAM_ARRAY_HT_OR_NULL(given.renew_by)
		Z_PARAM_FUNC_OR_NULL(save, cache)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_call_is_text(&given)) {
		RETURN_THROWS();
	}
	const active_client *client = active_client_of(Z_OBJ_P(ZEND_THIS));
	active_exchange *exchange = active_client_call(client, active_token_of(Z_OBJ_P(with)), ZSTR_VAL(given.method), ZSTR_VAL(given.target));
	if (!active_call_complete(exchange, &given)) {
		RETURN_THROWS();
	}
	go_on(return_value, ZEND_THIS, exchange, Z_OBJ_P(with), step_by_step, &save);
}

ZEND_METHOD(Active_Client, call)
{
	call(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Client, beginCall)
{
	call(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

ZEND_METHOD(Active_Client, authorize)
{
	zend_string *redirect_uri;
	HashTable *parameters = NULL;
	double lifetime = 600.0;
	zval *now = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 4)
		Z_PARAM_STR(redirect_uri)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(parameters)
		Z_PARAM_DOUBLE(lifetime)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(now, active_now_ce)
	ZEND_PARSE_PARAMETERS_END();
	active_texts texts;
	if (!active_text(redirect_uri, "redirect_uri")) {
		RETURN_THROWS();
	}
	if (!(lifetime >= 0.001 && lifetime <= 24 * 3600.0)) {
		active_error_throw_usage("lifetime: must be seconds, from 0.001 to a day");
		RETURN_THROWS();
	}
	if (!active_texts_of(&texts, parameters, "parameters")) {
		RETURN_THROWS();
	}
	active_now place;
	active_login *login = active_client_authorize(active_client_of(Z_OBJ_P(ZEND_THIS)), ZSTR_VAL(redirect_uri), texts.pairs, texts.count,
		(int64_t) (lifetime * 1000), active_now_of(now ? Z_OBJ_P(now) : NULL, &place));
	active_texts_free(&texts);
	const active_error *error = active_login_error(login);
	if (error || !login) {
		active_error_throw(error, NULL);
		active_login_free(login);
		RETURN_THROWS();
	}
	active_login_object(return_value, login);
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
	/* Before the exchange, which may fail: the login is over in either case. */
	if (restored && active_login_is_taken(restored)) {
		empty(variable);
	}
	active_login_free(restored);
	go_on(return_value, ZEND_THIS, exchange, NULL, step_by_step, NULL);
}

ZEND_METHOD(Active_Client, callback)
{
	callback(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Client, beginCallback)
{
	callback(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}
