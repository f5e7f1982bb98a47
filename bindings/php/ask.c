/* What does a client ask for? The methods of Active\Client that begin an exchange; each has a form that runs it and one that hands it out. */

#include "php_active.h"

/* What a method does with the exchange that it began: hand it out, or step it to its end. */
static void go_on(zval *return_value, zval *this, active_exchange *exchange, zend_object *token, bool step_by_step, zend_fcall_info *save)
{
	zval *callable = save && ZEND_FCI_INITIALIZED(*save) ? &save->function_name : NULL;
	active_exchange_go_on(return_value, (active_conversation) {.exchange = exchange, .client = Z_OBJ_P(this), .token = token}, step_by_step, callable);
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
	if (!active_text(grant, "grant") || !active_parameters_of(&texts, parameters, "parameters")) {
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
	HashTable *renew_by = NULL;
	zend_fcall_info save = empty_fcall_info;
	zend_fcall_info_cache cache;
	if (step_by_step) {
		ZEND_PARSE_PARAMETERS_START(1, 2)
			Z_PARAM_OBJECT_OF_CLASS(old, active_token_ce)
			Z_PARAM_OPTIONAL
			Z_PARAM_ARRAY_HT_OR_NULL(renew_by)
		ZEND_PARSE_PARAMETERS_END();
	} else {
		ZEND_PARSE_PARAMETERS_START(1, 3)
			Z_PARAM_OBJECT_OF_CLASS(old, active_token_ce)
			Z_PARAM_OPTIONAL
			Z_PARAM_FUNC_OR_NULL(save, cache)
			Z_PARAM_ARRAY_HT_OR_NULL(renew_by)
		ZEND_PARSE_PARAMETERS_END();
	}
	const active_client *client = active_client_of(Z_OBJ_P(ZEND_THIS));
	active_exchange *exchange;
	if (renew_by) {
		active_grant grant;
		if (!active_grant_of(&grant, renew_by)) {
			RETURN_THROWS();
		}
		exchange = active_client_renew(client, active_token_of(Z_OBJ_P(old)), ZSTR_VAL(grant.name), grant.parameters.pairs, grant.parameters.count);
		active_grant_free(&grant);
	} else {
		exchange = active_client_refresh(client, active_token_of(Z_OBJ_P(old)));
	}
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

typedef active_exchange *asks_of_token(const active_client *client, const active_token *token);

/* An exchange about a token. */
static void about(INTERNAL_FUNCTION_PARAMETERS, asks_of_token *ask, bool step_by_step)
{
	zval *token;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_OBJECT_OF_CLASS(token, active_token_ce)
	ZEND_PARSE_PARAMETERS_END();
	go_on(return_value, ZEND_THIS, ask(active_client_of(Z_OBJ_P(ZEND_THIS)), active_token_of(Z_OBJ_P(token))), NULL, step_by_step, NULL);
}

ZEND_METHOD(Active_Client, revoke)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_revoke, false);
	/* RFC 7009 §2.2: the answer says nothing. */
	zval_ptr_dtor(return_value);
	ZVAL_NULL(return_value);
}

ZEND_METHOD(Active_Client, beginRevoke)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_revoke, true);
}

ZEND_METHOD(Active_Client, introspect)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_introspect, false);
}

ZEND_METHOD(Active_Client, beginIntrospect)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_introspect, true);
}

ZEND_METHOD(Active_Client, introspectSigned)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_introspect_signed, false);
}

ZEND_METHOD(Active_Client, beginIntrospectSigned)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_introspect_signed, true);
}

ZEND_METHOD(Active_Client, userinfo)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_userinfo, false);
}

ZEND_METHOD(Active_Client, beginUserinfo)
{
	about(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_userinfo, true);
}

static void id_token(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zval *token;
	zend_string *nonce = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_OBJECT_OF_CLASS(token, active_token_ce)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(nonce)
	ZEND_PARSE_PARAMETERS_END();
	if (nonce && !active_text(nonce, "nonce")) {
		RETURN_THROWS();
	}
	const active_client *client = active_client_of(Z_OBJ_P(ZEND_THIS));
	active_exchange *exchange = active_client_id_token(client, active_token_of(Z_OBJ_P(token)), nonce ? ZSTR_VAL(nonce) : NULL);
	go_on(return_value, ZEND_THIS, exchange, NULL, step_by_step, NULL);
}

ZEND_METHOD(Active_Client, idToken)
{
	id_token(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Client, beginIdToken)
{
	id_token(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

ZEND_METHOD(Active_Client, presented)
{
	zend_string *authorization;
	zval *now = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_STR(authorization)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(now, active_now_ce)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(authorization, "authorization")) {
		RETURN_THROWS();
	}
	active_now place;
	active_token *token = active_client_presented(active_client_of(Z_OBJ_P(ZEND_THIS)), ZSTR_VAL(authorization), active_now_of(now ? Z_OBJ_P(now) : NULL, &place));
	const active_error *error = active_token_error(token);
	if (error || !token) {
		active_error_throw(error, NULL);
		active_token_free(token);
		RETURN_THROWS();
	}
	active_token_object(return_value, token);
}

static void access_token_claims(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zval *token;
	zend_string *resource;
	ZEND_PARSE_PARAMETERS_START(2, 2)
		Z_PARAM_OBJECT_OF_CLASS(token, active_token_ce)
		Z_PARAM_STR(resource)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(resource, "resource")) {
		RETURN_THROWS();
	}
	const active_client *client = active_client_of(Z_OBJ_P(ZEND_THIS));
	active_exchange *exchange = active_client_access_token_claims(client, active_token_of(Z_OBJ_P(token)), ZSTR_VAL(resource));
	go_on(return_value, ZEND_THIS, exchange, NULL, step_by_step, NULL);
}

ZEND_METHOD(Active_Client, accessTokenClaims)
{
	access_token_claims(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Client, beginAccessTokenClaims)
{
	access_token_claims(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}

ZEND_METHOD(Active_Client, proofClaims)
{
	zval *token, *claims, *now = NULL;
	zend_string *proof, *method, *url;
	ZEND_PARSE_PARAMETERS_START(5, 6)
		Z_PARAM_OBJECT_OF_CLASS(token, active_token_ce)
		Z_PARAM_OBJECT_OF_CLASS(claims, active_document_ce)
		Z_PARAM_STR(proof)
		Z_PARAM_STR(method)
		Z_PARAM_STR(url)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(now, active_now_ce)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(proof, "proof") || !active_text(method, "method") || !active_text(url, "url")) {
		RETURN_THROWS();
	}
	active_now place;
	active_exchange *exchange = active_client_proof_claims(active_client_of(Z_OBJ_P(ZEND_THIS)), active_token_of(Z_OBJ_P(token)),
		active_document_of(Z_OBJ_P(claims)), ZSTR_VAL(proof), ZSTR_VAL(method), ZSTR_VAL(url), active_now_of(now ? Z_OBJ_P(now) : NULL, &place));
	go_on(return_value, ZEND_THIS, exchange, NULL, false, NULL);
}

ZEND_METHOD(Active_Client, endSessionUrl)
{
	zend_string *given[3] = {NULL, NULL, NULL};
	static const char *const names[3] = {"idTokenHint", "postLogoutRedirectUri", "state"};
	ZEND_PARSE_PARAMETERS_START(0, 3)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(given[0])
		Z_PARAM_STR_OR_NULL(given[1])
		Z_PARAM_STR_OR_NULL(given[2])
	ZEND_PARSE_PARAMETERS_END();
	const char *texts[3] = {NULL, NULL, NULL};
	for (size_t i = 0; i < 3; i++) {
		texts[i] = given[i] ? active_text(given[i], names[i]) : NULL;
		if (given[i] && !texts[i]) {
			RETURN_THROWS();
		}
	}
	active_exchange *exchange = active_client_end_session_url(active_client_of(Z_OBJ_P(ZEND_THIS)), texts[0], texts[1], texts[2]);
	go_on(return_value, ZEND_THIS, exchange, NULL, false, NULL);
}

typedef active_exchange *asks_with(const active_client *client, const active_pair *parameters, size_t count);

/* An exchange that nothing but parameters begins. */
static void with(INTERNAL_FUNCTION_PARAMETERS, asks_with *ask, bool step_by_step)
{
	HashTable *parameters = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(parameters)
	ZEND_PARSE_PARAMETERS_END();
	active_texts texts;
	if (!active_parameters_of(&texts, parameters, "parameters")) {
		RETURN_THROWS();
	}
	active_exchange *exchange = ask(active_client_of(Z_OBJ_P(ZEND_THIS)), texts.pairs, texts.count);
	active_texts_free(&texts);
	go_on(return_value, ZEND_THIS, exchange, NULL, step_by_step, NULL);
}

ZEND_METHOD(Active_Client, device)
{
	with(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_device, false);
}

ZEND_METHOD(Active_Client, beginDevice)
{
	with(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_device, true);
}

ZEND_METHOD(Active_Client, backchannel)
{
	with(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_backchannel, false);
}

ZEND_METHOD(Active_Client, beginBackchannel)
{
	with(INTERNAL_FUNCTION_PARAM_PASSTHRU, active_client_backchannel, true);
}

static void poll(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zend_object *login;
	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_OBJ(login)
	ZEND_PARSE_PARAMETERS_END();
	const active_client *client = active_client_of(Z_OBJ_P(ZEND_THIS));
	if (login->ce != active_device_ce && login->ce != active_backchannel_ce) {
		zend_argument_type_error(1, "must be of type Active\\Device|Active\\Backchannel, %s given", ZSTR_VAL(login->ce->name));
		RETURN_THROWS();
	}
	bool is_device = login->ce == active_device_ce;
	active_exchange *exchange = is_device ? active_client_poll(client, active_device_of(login)) : active_client_poll_backchannel(client, active_backchannel_of(login));
	go_on(return_value, ZEND_THIS, exchange, NULL, step_by_step, NULL);
}

ZEND_METHOD(Active_Client, poll)
{
	poll(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Client, beginPoll)
{
	poll(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}
