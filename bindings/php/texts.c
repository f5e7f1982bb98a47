/* What may cross the border into the library?
 *
 * Texts without a NUL byte, because C would see half of them. Names and values come as PHP arrays and go as active_pair. */

#include "php_active.h"
#include "ext/json/php_json.h"

const char *active_text(zend_string *text, const char *what)
{
	if (strlen(ZSTR_VAL(text)) != ZSTR_LEN(text)) {
		active_error_throw_usage("%s: holds a NUL byte", what);
		return NULL;
	}
	return ZSTR_VAL(text);
}


static void room(active_texts *texts, size_t more)
{
	if (texts->room - texts->count < more) {
		texts->room = texts->count + more + 8;
		texts->pairs = safe_erealloc(texts->pairs, texts->room, sizeof(active_pair), 0);
		texts->kept = safe_erealloc(texts->kept, texts->room, 2 * sizeof(zend_string *), 0);
	}
}

/* A value as text; NULL after a Usage. The name is the program's own word, no secret. */
static zend_string *text_of(zval *value, const char *what, const char *name)
{
	ZVAL_DEREF(value);
	zend_string *text;
	switch (Z_TYPE_P(value)) {
		case IS_STRING:
			text = zend_string_copy(Z_STR_P(value));
			break;
		case IS_LONG:
		case IS_DOUBLE:
			text = zval_get_string(value);
			break;
		case IS_OBJECT:
			text = zval_try_get_string(value);
			if (!text) {
				return NULL;
			}
			break;
		default:
			active_error_throw_usage("%s: %.60s must be a string or a number, %s given", what, name, zend_zval_type_name(value));
			return NULL;
	}
	if (strlen(ZSTR_VAL(text)) != ZSTR_LEN(text)) {
		active_error_throw_usage("%s: %.60s holds a NUL byte", what, name);
		zend_string_release(text);
		return NULL;
	}
	return text;
}

/* Takes one reference of each. */
static void put(active_texts *texts, zend_string *name, zend_string *value)
{
	room(texts, 1);
	texts->kept[texts->kept_count++] = name;
	texts->kept[texts->kept_count++] = value;
	texts->pairs[texts->count].name = ZSTR_VAL(name);
	texts->pairs[texts->count].value = ZSTR_VAL(value);
	texts->count++;
}

static bool put_value(active_texts *texts, zend_string *name, zval *value, const char *what)
{
	zend_string *text = text_of(value, what, ZSTR_VAL(name));
	if (!text) {
		return false;
	}
	put(texts, zend_string_copy(name), text);
	return true;
}

static bool put_values(active_texts *texts, zend_string *name, zval *values, const char *what)
{
	zval *value;
	ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(values), value) {
		if (!put_value(texts, name, value, what)) {
			return false;
		}
	} ZEND_HASH_FOREACH_END();
	return true;
}

static bool has_nul(zend_string *text, const char *what, const char *part)
{
	if (strlen(ZSTR_VAL(text)) == ZSTR_LEN(text)) {
		return false;
	}
	active_error_throw_usage("%s: a %s holds a NUL byte", what, part);
	return true;
}

/* RFC 9396 §2 and OpenID Connect Core 1.0 §5.5: the value is JSON. An empty array is an object for the one, and a list for the other. */
static bool put_json(active_texts *texts, zend_string *name, HashTable *value)
{
	bool is_object = zend_string_equals_literal(name, "claims");
	zend_string *json = is_object ? active_object_json_of(value, "claims") : active_json_of(value, "authorization_details");
	if (!json) {
		return false;
	}
	put(texts, zend_string_copy(name), json);
	return true;
}

static bool put_member(active_texts *texts, zend_string *name, zval *value, const char *what)
{
	if (has_nul(name, what, "name")) {
		return false;
	}
	ZVAL_DEREF(value);
	if (Z_TYPE_P(value) == IS_ARRAY) {
		return put_values(texts, name, value, what);
	}
	return put_value(texts, name, value, what);
}

static bool has_json(zend_string *name, zval *value)
{
	return Z_TYPE_P(value) == IS_ARRAY && (zend_string_equals_literal(name, "claims") || zend_string_equals_literal(name, "authorization_details"));
}

static bool put_all(active_texts *texts, HashTable *map, const char *what, bool for_provider)
{
	memset(texts, 0, sizeof(*texts));
	if (!map) {
		return true;
	}
	if (zend_hash_num_elements(map) && zend_array_is_list(map)) {
		active_error_throw_usage("%s: must be name => value, a list was given", what);
		return false;
	}
	zend_ulong index;
	zend_string *name;
	zval *value;
	ZEND_HASH_FOREACH_KEY_VAL(map, index, name, value) {
		zend_string *key = name ? zend_string_copy(name) : zend_long_to_str((zend_long) index);
		/* Held: where it came by reference, a value's own __toString() may take it away. */
		zval held;
		ZVAL_COPY_DEREF(&held, value);
		bool good = for_provider && has_json(key, &held) ? put_json(texts, key, Z_ARRVAL(held)) : put_member(texts, key, &held, what);
		zval_ptr_dtor(&held);
		zend_string_release(key);
		if (!good) {
			active_texts_free(texts);
			return false;
		}
	} ZEND_HASH_FOREACH_END();
	return true;
}

bool active_texts_of(active_texts *texts, HashTable *map, const char *what)
{
	return put_all(texts, map, what, false);
}

bool active_parameters_of(active_texts *texts, HashTable *parameters, const char *what)
{
	return put_all(texts, parameters, what, true);
}

zend_string *active_words_of(HashTable *list, zend_string *text, const char *what)
{
	if (!list) {
		return active_text(text, what) ? zend_string_copy(text) : NULL;
	}
	smart_str words = {0};
	zval *word;
	ZEND_HASH_FOREACH_VAL(list, word) {
		ZVAL_DEREF(word);
		if (Z_TYPE_P(word) != IS_STRING || !active_text(Z_STR_P(word), what)) {
			if (!EG(exception)) {
				active_error_throw_usage("%s: must be strings, %s given", what, zend_zval_type_name(word));
			}
			smart_str_free(&words);
			return NULL;
		}
		smart_str_append(&words, Z_STR_P(word));
		smart_str_appendc(&words, ' ');
	} ZEND_HASH_FOREACH_END();
	return smart_str_extract(&words);
}

/* "Name: value"; anything else is passed over, as the status line is that some clients give first. */
static bool put_line(active_texts *texts, zend_string *line, const char *what)
{
	if (has_nul(line, what, "line")) {
		return false;
	}
	const char *colon = strchr(ZSTR_VAL(line), ':');
	if (!colon) {
		return true;
	}
	const char *value = colon + 1;
	while (*value == ' ' || *value == '\t') {
		value++;
	}
	size_t length = strlen(value);
	while (length && strchr(" \t\r\n", value[length - 1])) {
		length--;
	}
	put(texts, zend_string_init(ZSTR_VAL(line), colon - ZSTR_VAL(line), 0), zend_string_init(value, length, 0));
	return true;
}

static bool put_pair(active_texts *texts, HashTable *pair, const char *what)
{
	zval *name = zend_hash_index_find(pair, 0), *value = zend_hash_index_find(pair, 1);
	if (!name || !value || Z_TYPE_P(name) != IS_STRING) {
		active_error_throw_usage("%s: must be name => values, lines \"Name: value\" or pairs [name, value]", what);
		return false;
	}
	return put_member(texts, Z_STR_P(name), value, what);
}

static bool put_header(active_texts *texts, zend_string *name, zval *value, const char *what)
{
	if (name) {
		return put_member(texts, name, value, what);
	}
	if (Z_TYPE_P(value) == IS_STRING) {
		return put_line(texts, Z_STR_P(value), what);
	}
	if (Z_TYPE_P(value) == IS_ARRAY) {
		return put_pair(texts, Z_ARRVAL_P(value), what);
	}
	return put_value(texts, ZSTR_EMPTY_ALLOC(), value, what);
}

bool active_texts_of_headers(active_texts *texts, HashTable *headers, const char *what)
{
	memset(texts, 0, sizeof(*texts));
	zend_string *name;
	zval *value;
	ZEND_HASH_FOREACH_STR_KEY_VAL(headers, name, value) {
		zval held; /* as above */
		ZVAL_COPY_DEREF(&held, value);
		bool good = put_header(texts, name, &held, what);
		zval_ptr_dtor(&held);
		if (!good) {
			active_texts_free(texts);
			return false;
		}
	} ZEND_HASH_FOREACH_END();
	return true;
}

void active_texts_free(active_texts *texts)
{
	for (size_t i = 0; i < texts->kept_count; i++) {
		zend_string_release(texts->kept[i]);
	}
	if (texts->pairs) {
		efree(texts->pairs);
		efree(texts->kept);
	}
	memset(texts, 0, sizeof(*texts));
}

void active_headers_array(zval *array, const active_pair *headers, size_t count)
{
	array_init(array);
	for (size_t i = 0; i < count; i++) {
		zend_string *given = zend_string_init(headers[i].name, strlen(headers[i].name), 0);
		zend_string *name = zend_string_tolower(given);
		zval *values = zend_symtable_find(Z_ARRVAL_P(array), name);
		if (!values) {
			zval fresh;
			array_init(&fresh);
			values = zend_symtable_update(Z_ARRVAL_P(array), name, &fresh);
		}
		add_next_index_string(values, headers[i].value);
		zend_string_release(name);
		zend_string_release(given);
	}
}

zend_string *active_bytes(const void *bytes, size_t length)
{
	return length ? zend_string_init(bytes, length, 0) : ZSTR_EMPTY_ALLOC();
}

void active_string_or_null(zval *value, const char *text)
{
	if (text) {
		ZVAL_STRING(value, text);
	} else {
		ZVAL_NULL(value);
	}
}

void active_list_of(zval *value, const char *from)
{
	array_init(value);
	while (*from) {
		const char *to = strstr(from, ", ");
		size_t length = to ? (size_t) (to - from) : strlen(from);
		add_next_index_stringl(value, from, length);
		from += to ? length + 2 : length;
	}
}

zend_string *active_object_json_of(HashTable *array, const char *what)
{
	return zend_hash_num_elements(array) ? active_json_of(array, what) : zend_string_init("{}", 2, 0);
}

bool active_json_encode(smart_str *text, zval *value, int flags)
{
	/* A name that is no UTF-8 is left out, and told by this code alone. */
	return php_json_encode(text, value, flags) == SUCCESS && JSON_G(error_code) == PHP_JSON_ERROR_NONE && !EG(exception);
}

zend_string *active_json_of(HashTable *array, const char *what)
{
	smart_str text = {0};
	zval value;
	ZVAL_ARR(&value, array);
	/* PHP's constant empty array counts no holders. */
	if (GC_FLAGS(array) & GC_IMMUTABLE) {
		Z_TYPE_INFO(value) = IS_ARRAY;
	}
	if (!active_json_encode(&text, &value, PHP_JSON_UNESCAPED_SLASHES | PHP_JSON_UNESCAPED_UNICODE)) {
		smart_str_free(&text);
		if (!EG(exception)) {
			active_error_throw_usage("%s: cannot be encoded as JSON, is a text in it not UTF-8?", what);
		}
		return NULL;
	}
	return smart_str_extract(&text);
}
