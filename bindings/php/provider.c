/* Where does a provider's record come from, where nobody wrote one? Active\Provider. */

#include "php_active.h"

ACTIVE_NO_CONSTRUCTOR(Active_Provider)

zend_class_entry *active_provider_ce;

static void discover(INTERNAL_FUNCTION_PARAMETERS, bool step_by_step)
{
	zend_string *issuer;
	zval *agent = NULL;
	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_STR(issuer)
		Z_PARAM_OPTIONAL
		Z_PARAM_OBJECT_OF_CLASS_OR_NULL(agent, active_agent_ce)
	ZEND_PARSE_PARAMETERS_END();
	if (!active_text(issuer, "issuer")) {
		RETURN_THROWS();
	}
	active_fingerprint key;
	active_agent *carrier = agent ? active_agent_of(Z_OBJ_P(agent), key) : active_agent_default(key);
	if (!carrier) {
		RETURN_THROWS();
	}
	active_exchange *exchange = active_provider_discover(ZSTR_VAL(issuer), carrier);
	if (step_by_step) {
		active_exchange_object(return_value, exchange, NULL, NULL);
	} else {
		active_exchange_to_end(return_value, exchange, NULL, NULL, NULL);
	}
}

ZEND_METHOD(Active_Provider, discover)
{
	discover(INTERNAL_FUNCTION_PARAM_PASSTHRU, false);
}

ZEND_METHOD(Active_Provider, beginDiscover)
{
	discover(INTERNAL_FUNCTION_PARAM_PASSTHRU, true);
}
