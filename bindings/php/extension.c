/* What does the extension bring into PHP, and when? Module, ini settings, classes. */

#include "php_active.h"
#include "zend_attributes.h"
#include "php_ini.h"
#include "ext/standard/info.h"
#include "ext/spl/spl_exceptions.h"
#include "active_arginfo.h"

ZEND_DECLARE_MODULE_GLOBALS(active)

/* A proxy's URL may hold a password, which phpinfo() must not show. */
static ZEND_INI_DISP(show_whether)
{
	zend_string *value = type == ZEND_INI_DISPLAY_ORIG && ini_entry->modified ? ini_entry->orig_value : ini_entry->value;
	php_printf("%s", value && ZSTR_LEN(value) ? "set" : "no value");
}

/* Set by the administrator or for a directory, not by a script, which has Active\Agent. */
PHP_INI_BEGIN()
	STD_PHP_INI_ENTRY("active.roots", "bundled", PHP_INI_PERDIR, OnUpdateString, roots, zend_active_globals, active_globals)
	/* Its text may hold a key or a password. */
	STD_PHP_INI_ENTRY_EX("active.store", "", PHP_INI_PERDIR, OnUpdateString, store, zend_active_globals, active_globals, show_whether)
	STD_PHP_INI_ENTRY_EX("active.proxy", "", PHP_INI_PERDIR, OnUpdateString, proxy, zend_active_globals, active_globals, show_whether)
PHP_INI_END()

static PHP_GINIT_FUNCTION(active)
{
#if defined(COMPILE_DL_ACTIVE) && defined(ZTS)
	ZEND_TSRMLS_CACHE_UPDATE();
#endif
	memset(active_globals, 0, sizeof(*active_globals));
	active_agents_start(&active_globals->agents);
	active_sessions_start(&active_globals->sessions);
}

static PHP_GSHUTDOWN_FUNCTION(active)
{
	zend_hash_destroy(&active_globals->sessions);
	zend_hash_destroy(&active_globals->agents);
}

static PHP_MINIT_FUNCTION(active)
{
	REGISTER_INI_ENTRIES();

	active_error_ce = register_class_Active_Error(spl_ce_RuntimeException);
	active_usage_ce = register_class_Active_Usage(active_error_ce);
	active_refused_ce = register_class_Active_Refused(active_error_ce);
	active_garbled_ce = register_class_Active_Garbled(active_error_ce);
	active_untrusted_ce = register_class_Active_Untrusted(active_error_ce);
	active_expired_ce = register_class_Active_Expired(active_error_ce);
	active_no_answer_ce = register_class_Active_NoAnswer(active_error_ce);
	active_store_error_ce = register_class_Active_StoreError(active_error_ce);
	active_error_register();

	active_now_ce = register_class_Active_Now();
	active_agent_ce = register_class_Active_Agent();
	active_agent_register();
	active_key_ce = register_class_Active_Key();
	active_key_register();
	active_jws_ce = register_class_Active_Jws();
	active_jws_register();
	active_provider_ce = register_class_Active_Provider();
	active_resource_ce = register_class_Active_Resource();
	active_registration_ce = register_class_Active_Registration();
	active_registration_register();
	active_challenge_ce = register_class_Active_Challenge();
	active_challenge_register();
	active_step_up_ce = register_class_Active_StepUp();
	active_step_up_register();
	active_access_ce = register_class_Active_Access();
	active_admission_ce = register_class_Active_Admission();
	active_access_register_classes();
	active_loopback_ce = register_class_Active_Loopback();
	active_loopback_register();
	active_client_ce = register_class_Active_Client();
	active_client_register();
	active_session_ce = register_class_Active_Session();
	active_session_register();
	active_exchange_ce = register_class_Active_Exchange();
	active_exchange_register();
	active_step_ce = register_class_Active_Step();
	active_send_ce = register_class_Active_Send(active_step_ce);
	active_save_ce = register_class_Active_Save(active_step_ce);
	active_wait_ce = register_class_Active_Wait(active_step_ce);
	active_store_ce = register_class_Active_Store(active_step_ce);
	active_step_register();
	active_request_ce = register_class_Active_Request();
	active_request_register();
	active_reply_ce = register_class_Active_Reply();
	active_reply_register();
	active_token_ce = register_class_Active_Token();
	active_token_register();
	active_user_ce = register_class_Active_User();
	active_user_register();
	active_login_ce = register_class_Active_Login();
	active_login_register();
	active_document_ce = register_class_Active_Document();
	active_document_register();
	active_device_ce = register_class_Active_Device();
	active_backchannel_ce = register_class_Active_Backchannel();
	active_approval_register();
	return SUCCESS;
}

static PHP_MSHUTDOWN_FUNCTION(active)
{
	UNREGISTER_INI_ENTRIES();
	return SUCCESS;
}

static PHP_RINIT_FUNCTION(active)
{
#if defined(COMPILE_DL_ACTIVE) && defined(ZTS)
	ZEND_TSRMLS_CACHE_UPDATE();
#endif
	/* What belongs to a PHP request ends with it, however that one ended. */
	ACTIVE_G(news) = NULL;
	ACTIVE_G(thrown) = NULL;
	ACTIVE_G(over) = false;
	return SUCCESS;
}

static PHP_MINFO_FUNCTION(active)
{
	php_info_print_table_start();
	php_info_print_table_row(2, "OAuth 2.0 client of Active", "enabled");
	php_info_print_table_row(2, "Extension", PHP_ACTIVE_VERSION);
	php_info_print_table_row(2, "libactive", active_version());
	php_info_print_table_end();
	DISPLAY_INI_ENTRIES();
}

static const zend_module_dep dependencies[] = {
	ZEND_MOD_REQUIRED("json")
	ZEND_MOD_REQUIRED("hash")
	ZEND_MOD_REQUIRED("spl")
	ZEND_MOD_END
};

zend_module_entry active_module_entry = {
	STANDARD_MODULE_HEADER_EX,
	NULL,
	dependencies,
	"active",
	NULL,
	PHP_MINIT(active),
	PHP_MSHUTDOWN(active),
	PHP_RINIT(active),
	NULL,
	PHP_MINFO(active),
	PHP_ACTIVE_VERSION,
	PHP_MODULE_GLOBALS(active),
	PHP_GINIT(active),
	PHP_GSHUTDOWN(active),
	NULL,
	STANDARD_MODULE_PROPERTIES_EX
};

#ifdef COMPILE_DL_ACTIVE
# ifdef ZTS
ZEND_TSRMLS_CACHE_DEFINE()
# endif
ZEND_GET_MODULE(active)
#endif
