/* How does an API call come out of a method's arguments? */

#include "php_active.h"
#include "ext/json/php_json.h" /* the flags */

typedef void (*add_pair)(active_exchange *exchange, const char *name, const char *value);

static void add_each(active_exchange *exchange, const active_texts *texts, add_pair add)
{
	for (size_t i = 0; i < texts->count; i++) {
		add(exchange, texts->pairs[i].name, texts->pairs[i].value);
	}
}

static bool add_map(active_exchange *exchange, HashTable *map, const char *what, add_pair add)
{
	active_texts texts;
	if (!active_texts_of(&texts, map, what)) {
		return false;
	}
	add_each(exchange, &texts, add);
	active_texts_free(&texts);
	return true;
}

static bool add_headers(active_exchange *exchange, HashTable *headers)
{
	active_texts texts;
	if (!active_texts_of_headers(&texts, headers, "headers")) {
		return false;
	}
	add_each(exchange, &texts, active_exchange_header);
	active_texts_free(&texts);
	return true;
}

static bool add_json(active_exchange *exchange, zval *json)
{
	smart_str text = {0};
	int flags = PHP_JSON_UNESCAPED_SLASHES | PHP_JSON_UNESCAPED_UNICODE | PHP_JSON_PRESERVE_ZERO_FRACTION;
	bool encoded = active_json_encode(&text, json, flags);
	if (encoded) {
		smart_str_0(&text);
		active_exchange_body(exchange, "application/json", ZSTR_VAL(text.s), ZSTR_LEN(text.s));
	} else if (!EG(exception)) {
		active_error_throw_usage("json: cannot be encoded, is a text in it not UTF-8?");
	}
	smart_str_free(&text);
	return encoded;
}

bool active_grant_of(active_grant *given, HashTable *renew_by)
{
	zval *grant = zend_hash_index_find_deref(renew_by, 0), *parameters = zend_hash_index_find_deref(renew_by, 1);
	if (!grant || Z_TYPE_P(grant) != IS_STRING || (parameters && Z_TYPE_P(parameters) != IS_ARRAY)) {
		active_error_throw_usage("renewBy: must be a grant and its parameters: ['password', ['username' => ...]]");
		return false;
	}
	/* Held: where they came by reference, a parameter's own __toString() may take them away. */
	zval held[2];
	ZVAL_COPY(&held[0], grant);
	ZVAL_UNDEF(&held[1]);
	if (parameters) {
		ZVAL_COPY(&held[1], parameters);
	}
	bool good = active_text(Z_STR(held[0]), "grant") && active_parameters_of(&given->parameters, parameters ? Z_ARRVAL(held[1]) : NULL, "renewBy");
	if (good) {
		given->name = zend_string_copy(Z_STR(held[0]));
	}
	zval_ptr_dtor(&held[0]);
	zval_ptr_dtor(&held[1]);
	return good;
}

void active_grant_free(active_grant *grant)
{
	zend_string_release(grant->name);
	active_texts_free(&grant->parameters);
}

static bool add_renew_by(active_exchange *exchange, HashTable *renew_by)
{
	active_grant grant;
	if (!active_grant_of(&grant, renew_by)) {
		return false;
	}
	active_exchange_renew_by(exchange, ZSTR_VAL(grant.name), grant.parameters.pairs, grant.parameters.count);
	active_grant_free(&grant);
	return true;
}

static bool add_body(active_exchange *exchange, const active_call *call)
{
	if (call->json && Z_TYPE_P(call->json) != IS_NULL && !add_json(exchange, call->json)) {
		return false;
	}
	if (call->body) {
		const char *content_type = call->content_type ? active_text(call->content_type, "contentType") : "application/octet-stream";
		if (!content_type) {
			return false;
		}
		active_exchange_body(exchange, content_type, ZSTR_VAL(call->body), ZSTR_LEN(call->body));
	}
	return true;
}

bool active_call_is_text(const active_call *call)
{
	return active_text(call->method, "method") && active_text(call->target, "target");
}

bool active_call_complete(active_exchange *begun, const active_call *call)
{
	if (add_map(begun, call->query, "query", active_exchange_query)
	    && (!call->headers || add_headers(begun, call->headers))
	    && add_map(begun, call->form, "form", active_exchange_form)
	    && add_body(begun, call)
	    && (!call->renew_by || add_renew_by(begun, call->renew_by))) {
		return true;
	}
	active_exchange_free(begun);
	return false;
}
