/* Who are we, and what do we ask for? Active\Client. */

#include "php_active.h"
#include "ext/json/php_json.h"
#include "zend_smart_str.h"

typedef struct {
	active_client *client;
	zend_string *provider, *id;
	zval carry;
	zend_object std;
} client_object;

ACTIVE_OBJECT(client_object, client_of)

zend_class_entry *active_client_ce;
static active_handlers handlers;

zval *active_client_carry(zend_object *client)
{
	return &client_of(client)->carry;
}

/* A record as an array. NULL after an exception. */
static zend_string *record_of(HashTable *record)
{
	smart_str text = {0};
	zval array;
	ZVAL_ARR(&array, record);
	if (php_json_encode(&text, &array, PHP_JSON_UNESCAPED_SLASHES | PHP_JSON_UNESCAPED_UNICODE) == FAILURE || EG(exception)) {
		smart_str_free(&text);
		if (!EG(exception)) {
			active_error_throw_usage("provider record: cannot be encoded as JSON, is a text in it not UTF-8?");
		}
		return NULL;
	}
	return smart_str_extract(&text);
}

/* A name, or JSON, of which the library says what is wrong with it? */
static bool is_record(zend_string *provider)
{
	char first = ZSTR_VAL(provider)[strspn(ZSTR_VAL(provider), " \t\r\n")];
	return first == '{' || first == '[';
}

/* Gives one setting, where there is one; false after a Usage. */
static bool set(active_client *client, zend_string *text, const char *what, void (*setter)(active_client *, const char *))
{
	if (!text) {
		return true;
	}
	if (!active_text(text, what)) {
		return false;
	}
	setter(client, ZSTR_VAL(text));
	return true;
}

static bool set_variables(active_client *client, HashTable *variables)
{
	active_texts texts;
	if (!active_texts_of(&texts, variables, "variables")) {
		return false;
	}
	for (size_t i = 0; i < texts.count; i++) {
		active_client_variable(client, texts.pairs[i].name, texts.pairs[i].value);
	}
	active_texts_free(&texts);
	return true;
}

static bool set_agent(active_client *client, zval *agent)
{
	active_agent *carrier = agent ? active_agent_of(Z_OBJ_P(agent)) : active_agent_default();
	if (carrier) {
		active_client_agent(client, carrier);
	}
	return carrier != NULL;
}

ZEND_METHOD(Active_Client, __construct)
{
	zend_string *provider = NULL, *id, *secret = NULL, *auth = NULL, *body = NULL, *base = NULL;
	HashTable *record = NULL, *variables = NULL;
	zval *agent = NULL;
	zend_fcall_info carry = empty_fcall_info;
	zend_fcall_info_cache cache;
	bool plain_http = false;
	ZEND_PARSE_PARAMETERS_START(2, 10)
		Z_PARAM_ARRAY_HT_OR_STR(record, provider)
		Z_PARAM_STR(id)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(secret)
		Z_PARAM_STR_OR_NULL(auth)
		Z_PARAM_STR_OR_NULL(body)
		Z_PARAM_STR_OR_NULL(base)
		Z_PARAM_ARRAY_HT(variables)
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(agent, active_agent_ce)
		Z_PARAM_FUNC_OR_NULL(carry, cache)
		Z_PARAM_BOOL(plain_http)
	ZEND_PARSE_PARAMETERS_END();

	zend_string *given = record ? record_of(record) : zend_string_copy(provider);
	if (!given) {
		RETURN_THROWS();
	}
	/* Only now: a record's own jsonSerialize() may have called this, too. */
	client_object *object = client_of(Z_OBJ_P(ZEND_THIS));
	if (object->client) {
		zend_string_release(given);
		zend_throw_error(NULL, "Active\\Client is made already");
		RETURN_THROWS();
	}
	bool by_record = record || is_record(given);
	if (active_text(given, "provider") && active_text(id, "client_id")) {
		object->client = by_record ? active_client_new_from_record(ZSTR_VAL(given), ZSTR_VAL(id)) : active_client_new(ZSTR_VAL(given), ZSTR_VAL(id));
		object->provider = by_record ? zend_string_init("record", 6, 0) : zend_string_copy(given);
		object->id = zend_string_copy(id);
	}
	zend_string_release(given);
	active_client *client = object->client;
	if (!client || !set(client, secret, "client_secret", active_client_secret) || !set(client, auth, "auth", active_client_auth)
	    || !set(client, body, "body", active_client_body) || !set(client, base, "base", active_client_base)
	    || !set_variables(client, variables) || !set_agent(client, agent)) {
		RETURN_THROWS();
	}
	if (plain_http) {
		active_client_danger_allow_plain_http_to_loopback(client);
	}
	if (ZEND_FCI_INITIALIZED(carry)) {
		ZVAL_COPY(&object->carry, &carry.function_name);
	}
}

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
	active_exchange *exchange = active_client_token(client_of(Z_OBJ_P(ZEND_THIS))->client, ZSTR_VAL(grant), texts.pairs, texts.count);
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
	active_exchange *exchange = active_client_refresh(client_of(Z_OBJ_P(ZEND_THIS))->client, active_token_of(Z_OBJ_P(old)));
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
	given.token = Z_OBJ_P(with);
	active_exchange *exchange;
	if (!active_call_begin(client_of(Z_OBJ_P(ZEND_THIS))->client, &given, &exchange)) {
		RETURN_THROWS();
	}
	go_on(return_value, ZEND_THIS, exchange, given.token, step_by_step, &save);
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
	active_login *login = active_client_authorize(client_of(Z_OBJ_P(ZEND_THIS))->client, ZSTR_VAL(redirect_uri), texts.pairs, texts.count,
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
	active_exchange *exchange = active_client_callback(client_of(Z_OBJ_P(ZEND_THIS))->client, login, ZSTR_VAL(url));
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

static void read_provider(zend_object *object, zval *value)
{
	if (client_of(object)->provider) {
		ZVAL_STR_COPY(value, client_of(object)->provider);
	}
}

static void read_id(zend_object *object, zval *value)
{
	if (client_of(object)->id) {
		ZVAL_STR_COPY(value, client_of(object)->id);
	}
}

/* The callable may hold the client. */
static HashTable *get_gc(zend_object *object, zval **table, int *count)
{
	*table = &client_of(object)->carry;
	*count = 1;
	return NULL;
}

static void free_client(zend_object *object)
{
	client_object *client = client_of(object);
	active_client_free(client->client);
	if (client->id) {
		zend_string_release(client->provider);
		zend_string_release(client->id);
	}
	zval_ptr_dtor(&client->carry);
	zend_object_std_dtor(object);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(client_object, ce, &handlers);
}

void active_client_register(void)
{
	static const active_property properties[] = {
		{"provider", read_provider, ACTIVE_SHOWN},
		{"id", read_id, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(client_object, std), free_client, properties);
	handlers.std.get_gc = get_gc;
	active_client_ce->create_object = create;
}
