/* Who carries the requests, and what of it outlives a PHP request? Active\Agent.
 *
 * The library's agents, and with them their connections, are kept for the life of the process (of the thread in a ZTS build), by the
 * SHA-256 of every setting: a PHP request that makes the same Agent again goes on with the same connections. Beside them only sessions outlive
 * a request: see session.c. */

#include "php_active.h"

/* Programs have one configuration or a few. When one makes many, the oldest goes; clients that use it keep what they need. */
#define MOST_AGENTS 32
/* The library's own. */
#define DEFAULTS {.deadline = 30.0, .connect_timeout = 10.0, .max_body = 1024 * 1024, .idle = 15.0}
/* As the library's own limit for a PEM file. */
#define LONGEST_PEM (4 * 1024 * 1024)

typedef struct {
	zend_string *roots; /* "bundled", "system" or PEM */
	zend_string *proxy, *user_agent;
	zend_string *certificate, *key; /* PEM */
	double deadline, connect_timeout, idle;
	zend_long max_body;
} settings;

/* The settings alone: the library's agent is looked up at each use, because it may have gone meanwhile as the oldest. */
typedef struct {
	settings wanted;
	zend_object std;
} agent_object;

ACTIVE_OBJECT(agent_object, agent_of)

zend_class_entry *active_agent_ce;
static active_handlers handlers;

static void release(zval *kept)
{
	active_agent_free(Z_PTR_P(kept));
}

void active_agents_start(HashTable *agents)
{
	zend_hash_init(agents, 8, NULL, release, 1);
}

static void key_of(const settings *wanted, active_fingerprint key)
{
	active_digest digest;
	active_digest_begin(&digest);
	active_digest_string(&digest, wanted->roots);
	active_digest_string(&digest, wanted->proxy);
	active_digest_string(&digest, wanted->user_agent);
	active_digest_string(&digest, wanted->certificate);
	active_digest_string(&digest, wanted->key);
	active_digest_bytes(&digest, &wanted->deadline, sizeof(double));
	active_digest_bytes(&digest, &wanted->connect_timeout, sizeof(double));
	active_digest_bytes(&digest, &wanted->max_body, sizeof(zend_long));
	active_digest_bytes(&digest, &wanted->idle, sizeof(double));
	active_digest_end(&digest, key);
}

static bool is_pem(zend_string *text)
{
	return strstr(ZSTR_VAL(text), "-----BEGIN") != NULL;
}

/* PEM, or a file of it, by PHP's own plain files, which obey open_basedir; NULL where it cannot be read. */
static zend_string *pem_of(zend_string *given)
{
	if (is_pem(given)) {
		return zend_string_copy(given);
	}
	php_stream *file = php_stream_open_wrapper(ZSTR_VAL(given), "rb", IGNORE_URL, NULL);
	zend_string *pem = file ? php_stream_copy_to_mem(file, LONGEST_PEM, 0) : NULL;
	if (file) {
		php_stream_close(file);
	}
	return pem;
}

static active_agent *build(const settings *wanted)
{
	active_agent *agent = active_agent_new();
	if (is_pem(wanted->roots)) {
		active_agent_roots_pem(agent, ZSTR_VAL(wanted->roots), ZSTR_LEN(wanted->roots));
	} else {
		active_agent_roots(agent, ZSTR_VAL(wanted->roots));
	}
	if (wanted->proxy) {
		active_agent_proxy(agent, ZSTR_VAL(wanted->proxy));
	}
	if (wanted->user_agent) {
		active_agent_user_agent(agent, ZSTR_VAL(wanted->user_agent));
	}
	if (wanted->certificate) {
		active_agent_certificate_pem(agent, ZSTR_VAL(wanted->certificate), ZSTR_LEN(wanted->certificate),
			wanted->key ? ZSTR_VAL(wanted->key) : NULL, wanted->key ? ZSTR_LEN(wanted->key) : 0);
	}
	active_agent_deadline_ms(agent, (int64_t) (wanted->deadline * 1000));
	active_agent_connect_timeout_ms(agent, (int64_t) (wanted->connect_timeout * 1000));
	active_agent_max_body(agent, wanted->max_body);
	active_agent_idle_ms(agent, (int64_t) (wanted->idle * 1000));
	return agent;
}

static active_agent *kept(const settings *wanted, active_fingerprint key)
{
	key_of(wanted, key);
	HashTable *agents = &ACTIVE_G(agents);
	active_agent *agent = zend_hash_str_find_ptr(agents, key, ACTIVE_FINGERPRINT_LENGTH);
	if (agent) {
		return agent;
	}
	if (zend_hash_num_elements(agents) >= MOST_AGENTS) {
		HashPosition oldest;
		zend_string *name;
		zend_ulong index;
		zend_hash_internal_pointer_reset_ex(agents, &oldest);
		if (zend_hash_get_current_key_ex(agents, &name, &index, &oldest) == HASH_KEY_IS_STRING) {
			zend_hash_del(agents, name);
		}
	}
	return zend_hash_str_add_new_ptr(agents, key, ACTIVE_FINGERPRINT_LENGTH, build(wanted));
}

static bool is_word(zend_string *roots)
{
	return zend_string_equals_literal(roots, "bundled") || zend_string_equals_literal(roots, "system");
}

/* The roots as the settings hold them; NULL after a Usage. */
static zend_string *roots_of(zend_string *given, const char *what)
{
	if (!active_text(given, what)) {
		return NULL;
	}
	zend_string *roots = is_word(given) ? zend_string_copy(given) : pem_of(given);
	if (!roots) {
		active_error_throw_usage("%s: %.200s is neither bundled, system, a PEM text nor a file that can be read", what, ZSTR_VAL(given));
	}
	return roots;
}

/* The client's certificate or its key; false after a Usage, which shows nothing of what was given: it may be the key itself, damaged. */
static bool identity_of(zend_string *given, const char *what, zend_string **pem)
{
	if (!given) {
		return true;
	}
	*pem = active_text(given, what) ? pem_of(given) : NULL;
	if (!*pem && !EG(exception)) {
		active_error_throw_usage("%s: neither a PEM text nor a file that can be read", what);
	}
	return *pem != NULL;
}

static void release_settings(settings *wanted)
{
	zend_string *texts[] = {wanted->roots, wanted->proxy, wanted->user_agent, wanted->certificate, wanted->key};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (texts[i]) {
			zend_string_release(texts[i]);
		}
	}
}

static bool is_length(double seconds, const char *what)
{
	/* Written so that NAN fails too. A month is for ever. */
	if (seconds >= 0.001 && seconds <= 30 * 24 * 3600.0) {
		return true;
	}
	active_error_throw_usage("%s: must be seconds, from 0.001 to a month", what);
	return false;
}

ZEND_METHOD(Active_Agent, __construct)
{
	settings given = DEFAULTS;
	zend_string *roots = NULL, *certificate = NULL, *key = NULL;
	ZEND_PARSE_PARAMETERS_START(0, 9)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(roots)
		Z_PARAM_STR_OR_NULL(given.proxy)
		Z_PARAM_DOUBLE(given.deadline)
		Z_PARAM_DOUBLE(given.connect_timeout)
		Z_PARAM_LONG(given.max_body)
		Z_PARAM_STR_OR_NULL(given.user_agent)
		Z_PARAM_STR_OR_NULL(certificate)
		Z_PARAM_STR_OR_NULL(key)
		Z_PARAM_DOUBLE(given.idle)
	ZEND_PARSE_PARAMETERS_END();
	agent_object *agent = agent_of(Z_OBJ_P(ZEND_THIS));
	if (agent->wanted.roots) {
		zend_throw_error(NULL, "Active\\Agent is made already");
		RETURN_THROWS();
	}
	if ((given.proxy && !active_text(given.proxy, "proxy")) || (given.user_agent && !active_text(given.user_agent, "userAgent"))
	    || !is_length(given.deadline, "deadline") || !is_length(given.connect_timeout, "connectTimeout")
	    || !is_length(given.idle, "idle")) {
		RETURN_THROWS();
	}
	if (given.max_body < 1) {
		active_error_throw_usage("maxBody: must be more than 0 bytes");
		RETURN_THROWS();
	}
	if (key && !certificate) {
		active_error_throw_usage("key: it is a certificate's, and none is given");
		RETURN_THROWS();
	}
	given.proxy = given.proxy ? zend_string_copy(given.proxy) : NULL;
	given.user_agent = given.user_agent ? zend_string_copy(given.user_agent) : NULL;
	given.roots = roots ? roots_of(roots, "roots") : zend_string_init("bundled", 7, 0);
	if (!given.roots || !identity_of(certificate, "certificate", &given.certificate) || !identity_of(key, "key", &given.key)) {
		release_settings(&given);
		RETURN_THROWS();
	}
	agent->wanted = given;
}

active_agent *active_agent_of(zend_object *agent, active_fingerprint key)
{
	const settings *wanted = &agent_of(agent)->wanted;
	return wanted->roots ? kept(wanted, key) : active_agent_default(key);
}

active_agent *active_agent_default(active_fingerprint key)
{
	settings wanted = DEFAULTS;
	const char *set = ACTIVE_G(roots) && *ACTIVE_G(roots) ? ACTIVE_G(roots) : "bundled";
	zend_string *roots = zend_string_init(set, strlen(set), 0);
	wanted.roots = roots_of(roots, "active.roots");
	zend_string_release(roots);
	if (!wanted.roots) {
		return NULL;
	}
	if (ACTIVE_G(proxy) && *ACTIVE_G(proxy)) {
		wanted.proxy = zend_string_init(ACTIVE_G(proxy), strlen(ACTIVE_G(proxy)), 0);
	}
	active_agent *agent = kept(&wanted, key);
	zend_string_release(wanted.roots);
	if (wanted.proxy) {
		zend_string_release(wanted.proxy);
	}
	return agent;
}

static void free_agent(zend_object *object)
{
	release_settings(&agent_of(object)->wanted);
	zend_object_std_dtor(object);
}

static void read_deadline(zend_object *object, zval *value)
{
	ZVAL_DOUBLE(value, agent_of(object)->wanted.deadline);
}

static void read_connect_timeout(zend_object *object, zval *value)
{
	ZVAL_DOUBLE(value, agent_of(object)->wanted.connect_timeout);
}

static void read_max_body(zend_object *object, zval *value)
{
	ZVAL_LONG(value, agent_of(object)->wanted.max_body);
}

static void read_idle(zend_object *object, zval *value)
{
	ZVAL_DOUBLE(value, agent_of(object)->wanted.idle);
}

static zend_object *create(zend_class_entry *ce)
{
	return ACTIVE_NEW(agent_object, ce, &handlers);
}

void active_agent_register(void)
{
	static const active_property properties[] = {
		{"deadline", read_deadline, ACTIVE_SHOWN},
		{"connectTimeout", read_connect_timeout, ACTIVE_SHOWN},
		{"maxBody", read_max_body, ACTIVE_SHOWN},
		{"idle", read_idle, ACTIVE_SHOWN},
		{NULL, NULL, ACTIVE_SHOWN},
	};
	active_handlers_init(&handlers, XtOffsetOf(agent_object, std), free_agent, properties);
	active_agent_ce->create_object = create;
}
