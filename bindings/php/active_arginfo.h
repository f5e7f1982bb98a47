/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 39cef8178799685913fc34e336c153c03ec6cb3e */

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Active_Agent___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, roots, IS_STRING, 0, "\'bundled\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, proxy, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, deadline, IS_DOUBLE, 0, "30.0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, connectTimeout, IS_DOUBLE, 0, "10.0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, maxBody, IS_LONG, 0, "1048576")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, userAgent, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, certificate, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, key, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, idle, IS_DOUBLE, 0, "15.0")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Active_Key___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Key_fromPem, 0, 2, Active\\Key, 0)
	ZEND_ARG_TYPE_INFO(0, algorithm, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, pem, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, id, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Key_fromJwk, 0, 2, Active\\Key, 0)
	ZEND_ARG_TYPE_INFO(0, algorithm, IS_STRING, 0)
	ZEND_ARG_TYPE_MASK(0, jwk, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, id, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Key_generate, 0, 0, Active\\Key, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, algorithm, IS_STRING, 0, "\'ES256\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, id, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Key_generatePem, 0, 0, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, algorithm, IS_STRING, 0, "\'ES256\'")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Key_fromSigner, 0, 2, Active\\Key, 0)
	ZEND_ARG_TYPE_INFO(0, algorithm, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, sign, IS_CALLABLE, 0)
	ZEND_ARG_TYPE_MASK(0, publicJwk, MAY_BE_STRING|MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, id, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Key_publicJwk, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Key_signJwt, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_MASK(0, claims, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, typ, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Key_thumbprintOf, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_MASK(0, jwk, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Jws___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Jws_verify, 0, 3, Active\\Jws, 0)
	ZEND_ARG_TYPE_INFO(0, jws, IS_STRING, 0)
	ZEND_ARG_TYPE_MASK(0, jwks, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_MASK(0, algorithms, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, typ, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Jws_claims arginfo_class_Active_Key_publicJwk

#define arginfo_class_Active_Provider___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Provider_discover, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, issuer, IS_STRING, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Provider_beginDiscover, 0, 1, Active\\Exchange, 0)
	ZEND_ARG_TYPE_INFO(0, issuer, IS_STRING, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Provider_register, 0, 2, Active\\Registration, 0)
	ZEND_ARG_TYPE_MASK(0, record, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_INFO(0, metadata, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, initialAccessToken, IS_STRING, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Provider_beginRegister, 0, 2, Active\\Exchange, 0)
	ZEND_ARG_TYPE_MASK(0, record, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_INFO(0, metadata, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, initialAccessToken, IS_STRING, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Registration___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Registration_restore, 0, 2, Active\\Registration, 0)
	ZEND_ARG_TYPE_MASK(0, record, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_INFO(0, saved, IS_STRING, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Registration_saved, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Registration_value arginfo_class_Active_Key_publicJwk

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Registration_client, 0, 0, Active\\Client, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, key, Active\\Key, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, dpop, Active\\Key, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, dpopRequired, _IS_BOOL, 0, "false")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Registration_readAgain, 0, 0, Active\\Registration, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Registration_beginReadAgain, 0, 0, Active\\Exchange, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Registration_update, 0, 1, Active\\Registration, 0)
	ZEND_ARG_TYPE_INFO(0, metadata, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Registration_beginUpdate, 0, 1, Active\\Exchange, 0)
	ZEND_ARG_TYPE_INFO(0, metadata, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Registration_delete, 0, 0, IS_VOID, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Registration_beginDelete arginfo_class_Active_Registration_beginReadAgain

#define arginfo_class_Active_Challenge___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Challenge_parse, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_MASK(0, wwwAuthenticate, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Challenge_stepUp, 0, 1, Active\\Challenge, 1)
	ZEND_ARG_TYPE_MASK(0, wwwAuthenticate, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Active_StepUp___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, acrValues, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, maxAge, IS_LONG, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_StepUp_isMetBy, 0, 1, _IS_BOOL, 0)
	ZEND_ARG_OBJ_INFO(0, claims, Active\\Document, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, now, Active\\\116ow, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_StepUp_challenge, 0, 0, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, scheme, IS_STRING, 0, "\'Bearer\'")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Active_Access___construct, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, url, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, clientDocument, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, register, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, initialAccessToken, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Access_after, 0, 0, Active\\Admission, 0)
	ZEND_ARG_TYPE_MASK(0, wwwAuthenticate, MAY_BE_STRING|MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Access_beginAfter, 0, 0, Active\\Exchange, 0)
	ZEND_ARG_TYPE_MASK(0, wwwAuthenticate, MAY_BE_STRING|MAY_BE_ARRAY|MAY_BE_NULL, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Admission___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Active_Loopback___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, path, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, app, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Loopback_onlyFor, 0, 1, IS_VOID, 0)
	ZEND_ARG_OBJ_INFO(0, login, Active\\Login, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Loopback_callback, 0, 0, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 0, "300.0")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Loopback_beginCallback, 0, 0, Active\\Exchange, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, timeout, IS_DOUBLE, 0, "300.0")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Loopback_openBrowser, 0, 1, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, url, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Resource___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Resource_discover, 0, 1, Active\\Document, 0)
	ZEND_ARG_TYPE_INFO(0, resource, IS_STRING, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
	ZEND_ARG_TYPE_MASK(0, wwwAuthenticate, MAY_BE_STRING|MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Resource_beginDiscover, 0, 1, Active\\Exchange, 0)
	ZEND_ARG_TYPE_INFO(0, resource, IS_STRING, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
	ZEND_ARG_TYPE_MASK(0, wwwAuthenticate, MAY_BE_STRING|MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Active_Client___construct, 0, 0, 2)
	ZEND_ARG_TYPE_MASK(0, provider, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
	ZEND_ARG_TYPE_INFO(0, id, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, secret, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, auth, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, body, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, base, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, variables, IS_ARRAY, 0, "[]")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, carry, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, dangerAllowPlainHttpToLoopback, _IS_BOOL, 0, "false")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, key, Active\\Key, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, dpop, Active\\Key, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, dpopRequired, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, assertionAudience, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, certificateBound, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, signedRequests, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, policy, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_MASK(0, serverAlgorithms, MAY_BE_STRING|MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_replace, 0, 0, Active\\Client, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, secret, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, auth, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, body, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, base, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, variables, IS_ARRAY, 0, "[]")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, agent, Active\\Agent, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, carry, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, dangerAllowPlainHttpToLoopback, _IS_BOOL, 0, "false")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, key, Active\\Key, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, dpop, Active\\Key, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, dpopRequired, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, assertionAudience, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, certificateBound, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, signedRequests, _IS_BOOL, 0, "false")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, policy, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_MASK(0, serverAlgorithms, MAY_BE_STRING|MAY_BE_ARRAY|MAY_BE_NULL, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Client_document, 0, 2, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, clientId, IS_STRING, 0)
	ZEND_ARG_TYPE_MASK(0, metadata, MAY_BE_STRING|MAY_BE_ARRAY, NULL)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_token, 0, 1, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO(0, grant, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, parameters, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_refresh, 0, 1, Active\\Token, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, save, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, renewBy, IS_ARRAY, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_call, 0, 3, Active\\Reply, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO(0, method, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, target, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, query, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, headers, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, form, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, json, IS_MIXED, 0, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, body, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, contentType, IS_STRING, 0, "\'application/octet-stream\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, renewBy, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, save, IS_CALLABLE, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_authorize, 0, 1, Active\\Login, 0)
	ZEND_ARG_TYPE_INFO(0, redirectUri, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, parameters, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, lifetime, IS_DOUBLE, 0, "600.0")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, now, Active\\\116ow, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, stepUp, Active\\Challenge, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_callback, 0, 2, Active\\Token, 0)
	ZEND_ARG_OBJ_TYPE_MASK(ZEND_SEND_PREFER_REF, login, Active\\Login, MAY_BE_STRING|MAY_BE_NULL, NULL)
	ZEND_ARG_TYPE_INFO(0, url, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Client_push arginfo_class_Active_Client_authorize

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Client_revoke, 0, 1, IS_VOID, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_introspect, 0, 1, Active\\Document, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Client_introspectSigned arginfo_class_Active_Client_introspect

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_presented, 0, 1, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO(0, authorization, IS_STRING, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, now, Active\\\116ow, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_accessTokenClaims, 0, 2, Active\\Document, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO(0, resource, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_proofClaims, 0, 5, Active\\Document, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
	ZEND_ARG_OBJ_INFO(0, claims, Active\\Document, 0)
	ZEND_ARG_TYPE_INFO(0, proof, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, method, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, url, IS_STRING, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, now, Active\\\116ow, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Client_userinfo arginfo_class_Active_Client_introspect

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_idToken, 0, 1, Active\\Document, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, nonce, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Client_endSessionUrl, 0, 0, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, idTokenHint, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, postLogoutRedirectUri, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, state, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_device, 0, 0, Active\\Device, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, parameters, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_backchannel, 0, 0, Active\\Backchannel, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, parameters, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_poll, 0, 1, Active\\Token, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, login, Active\\Device|Active\\Backchannel, 0, NULL)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginToken, 0, 1, Active\\Exchange, 0)
	ZEND_ARG_TYPE_INFO(0, grant, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, parameters, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginRefresh, 0, 1, Active\\Exchange, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, renewBy, IS_ARRAY, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginCall, 0, 3, Active\\Exchange, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO(0, method, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, target, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, query, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, headers, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, form, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, json, IS_MIXED, 0, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, body, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, contentType, IS_STRING, 0, "\'application/octet-stream\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, renewBy, IS_ARRAY, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginCallback, 0, 2, Active\\Exchange, 0)
	ZEND_ARG_OBJ_TYPE_MASK(ZEND_SEND_PREFER_REF, login, Active\\Login, MAY_BE_STRING|MAY_BE_NULL, NULL)
	ZEND_ARG_TYPE_INFO(0, url, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginPush, 0, 1, Active\\Exchange, 0)
	ZEND_ARG_TYPE_INFO(0, redirectUri, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, parameters, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, lifetime, IS_DOUBLE, 0, "600.0")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, now, Active\\\116ow, 1, "null")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, stepUp, Active\\Challenge, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginRevoke, 0, 1, Active\\Exchange, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Client_beginIntrospect arginfo_class_Active_Client_beginRevoke

#define arginfo_class_Active_Client_beginIntrospectSigned arginfo_class_Active_Client_beginRevoke

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginAccessTokenClaims, 0, 2, Active\\Exchange, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO(0, resource, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Client_beginUserinfo arginfo_class_Active_Client_beginRevoke

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginIdToken, 0, 1, Active\\Exchange, 0)
	ZEND_ARG_OBJ_INFO(0, token, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, nonce, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginDevice, 0, 0, Active\\Exchange, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, parameters, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Client_beginBackchannel arginfo_class_Active_Client_beginDevice

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Client_beginPoll, 0, 1, Active\\Exchange, 0)
	ZEND_ARG_OBJ_TYPE_MASK(0, login, Active\\Device|Active\\Backchannel, 0, NULL)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Active_Session___construct, 0, 0, 1)
	ZEND_ARG_OBJ_INFO(0, client, Active\\Client, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, store, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, grant, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, parameters, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, user, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, whenAway, IS_STRING, 0, "\'fail\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, margin, IS_DOUBLE, 0, "60.0")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, onChange, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, onError, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, deadline, IS_DOUBLE, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Session_token, 0, 0, Active\\Token, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Session_call, 0, 2, Active\\Reply, 0)
	ZEND_ARG_TYPE_INFO(0, method, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, target, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, query, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, headers, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, form, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, json, IS_MIXED, 0, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, body, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, contentType, IS_STRING, 0, "\'application/octet-stream\'")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Session_authorization, 0, 0, IS_STRING, 1)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Session_login arginfo_class_Active_Client_revoke

#define arginfo_class_Active_Session_logout arginfo_class_Active_Registration_delete

#define arginfo_class_Active_Session_forgetRefusals arginfo_class_Active_Registration_delete

#define arginfo_class_Active_Session_beginToken arginfo_class_Active_Registration_beginReadAgain

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Session_beginCall, 0, 2, Active\\Exchange, 0)
	ZEND_ARG_TYPE_INFO(0, method, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, target, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, query, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, headers, IS_ARRAY, 0, "[]")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, form, IS_ARRAY, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, json, IS_MIXED, 0, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, body, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, contentType, IS_STRING, 0, "\'application/octet-stream\'")
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Session_beginLogin arginfo_class_Active_Client_beginRevoke

#define arginfo_class_Active_Session_beginLogout arginfo_class_Active_Registration_beginReadAgain

#define arginfo_class_Active_Exchange___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Exchange_step, 0, 0, Active\\Step, 1)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, now, Active\\\116ow, 1, "null")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Exchange_receive, 0, 3, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, status, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, headers, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, body, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Exchange_noAnswer, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, mayHaveBeenSent, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, cause, IS_STRING, 0, "\'other\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, detail, IS_STRING, 0, "\'\'")
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Exchange_carry arginfo_class_Active_Registration_delete

#define arginfo_class_Active_Exchange_cancel arginfo_class_Active_Registration_delete

#define arginfo_class_Active_Exchange_store arginfo_class_Active_Registration_delete

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_TYPE_MASK_EX(arginfo_class_Active_Exchange_run, 0, 0, Active\\Token|Active\\Reply|Active\\Document|Active\\Device|Active\\Backchannel|Active\\Login|Active\\Registration|Active\\Admission, MAY_BE_STRING|MAY_BE_NULL)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, save, IS_CALLABLE, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Send___construct arginfo_class_Active_Key___construct

#define arginfo_class_Active_Save___construct arginfo_class_Active_Key___construct

#define arginfo_class_Active_Wait___construct arginfo_class_Active_Key___construct

#define arginfo_class_Active_Store___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Active_Now___construct, 0, 0, 2)
	ZEND_ARG_TYPE_INFO(0, wall, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, mono, IS_LONG, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Request___construct arginfo_class_Active_Key___construct

#define arginfo_class_Active_Reply___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Reply_header, 0, 1, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Reply_challenges arginfo_class_Active_Key_publicJwk

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Reply_stepUp, 0, 0, Active\\Challenge, 1)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Reply_json, 0, 0, IS_MIXED, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Token___construct arginfo_class_Active_Key___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Token_field, 0, 1, IS_MIXED, 0)
	ZEND_ARG_TYPE_INFO(0, pointer, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Token_isExpired, 0, 0, _IS_BOOL, 0)
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, now, Active\\\116ow, 1, "null")
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Token_saved arginfo_class_Active_Registration_saved

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Token_restore, 0, 1, Active\\Token, 0)
	ZEND_ARG_TYPE_INFO(0, saved, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Token___serialize arginfo_class_Active_Key_publicJwk

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Active_Token___unserialize, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_User___construct arginfo_class_Active_Key___construct

#define arginfo_class_Active_Login___construct arginfo_class_Active_Key___construct

#define arginfo_class_Active_Login_saved arginfo_class_Active_Registration_saved

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Login_restore, 0, 1, Active\\Login, 0)
	ZEND_ARG_TYPE_INFO(0, saved, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Login___serialize arginfo_class_Active_Key_publicJwk

#define arginfo_class_Active_Login___unserialize arginfo_class_Active_Token___unserialize

#define arginfo_class_Active_Document___construct arginfo_class_Active_Key___construct

#define arginfo_class_Active_Document_field arginfo_class_Active_Token_field

#define arginfo_class_Active_Document_value arginfo_class_Active_Key_publicJwk

#define arginfo_class_Active_Device___construct arginfo_class_Active_Key___construct

#define arginfo_class_Active_Device_saved arginfo_class_Active_Registration_saved

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Device_restore, 0, 1, Active\\Device, 0)
	ZEND_ARG_TYPE_INFO(0, saved, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Device___serialize arginfo_class_Active_Key_publicJwk

#define arginfo_class_Active_Device___unserialize arginfo_class_Active_Token___unserialize

#define arginfo_class_Active_Backchannel___construct arginfo_class_Active_Key___construct

#define arginfo_class_Active_Backchannel_saved arginfo_class_Active_Registration_saved

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_class_Active_Backchannel_restore, 0, 1, Active\\Backchannel, 0)
	ZEND_ARG_TYPE_INFO(0, saved, IS_STRING, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Active_Backchannel___serialize arginfo_class_Active_Key_publicJwk

#define arginfo_class_Active_Backchannel___unserialize arginfo_class_Active_Token___unserialize

#define arginfo_class_Active_Error_body arginfo_class_Active_Session_authorization

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Active_NoAnswer___construct, 0, 0, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, message, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, mayHaveBeenSent, _IS_BOOL, 0, "true")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, cause, IS_STRING, 0, "\'other\'")
	ZEND_ARG_OBJ_INFO_WITH_DEFAULT_VALUE(0, previous, Throwable, 1, "null")
ZEND_END_ARG_INFO()


ZEND_METHOD(Active_Agent, __construct);
ZEND_METHOD(Active_Key, __construct);
ZEND_METHOD(Active_Key, fromPem);
ZEND_METHOD(Active_Key, fromJwk);
ZEND_METHOD(Active_Key, generate);
ZEND_METHOD(Active_Key, generatePem);
ZEND_METHOD(Active_Key, fromSigner);
ZEND_METHOD(Active_Key, publicJwk);
ZEND_METHOD(Active_Key, signJwt);
ZEND_METHOD(Active_Key, thumbprintOf);
ZEND_METHOD(Active_Jws, __construct);
ZEND_METHOD(Active_Jws, verify);
ZEND_METHOD(Active_Jws, claims);
ZEND_METHOD(Active_Provider, __construct);
ZEND_METHOD(Active_Provider, discover);
ZEND_METHOD(Active_Provider, beginDiscover);
ZEND_METHOD(Active_Provider, register);
ZEND_METHOD(Active_Provider, beginRegister);
ZEND_METHOD(Active_Registration, __construct);
ZEND_METHOD(Active_Registration, restore);
ZEND_METHOD(Active_Registration, saved);
ZEND_METHOD(Active_Registration, value);
ZEND_METHOD(Active_Registration, client);
ZEND_METHOD(Active_Registration, readAgain);
ZEND_METHOD(Active_Registration, beginReadAgain);
ZEND_METHOD(Active_Registration, update);
ZEND_METHOD(Active_Registration, beginUpdate);
ZEND_METHOD(Active_Registration, delete);
ZEND_METHOD(Active_Registration, beginDelete);
ZEND_METHOD(Active_Challenge, __construct);
ZEND_METHOD(Active_Challenge, parse);
ZEND_METHOD(Active_Challenge, stepUp);
ZEND_METHOD(Active_StepUp, __construct);
ZEND_METHOD(Active_StepUp, isMetBy);
ZEND_METHOD(Active_StepUp, challenge);
ZEND_METHOD(Active_Access, __construct);
ZEND_METHOD(Active_Access, after);
ZEND_METHOD(Active_Access, beginAfter);
ZEND_METHOD(Active_Admission, __construct);
ZEND_METHOD(Active_Loopback, __construct);
ZEND_METHOD(Active_Loopback, onlyFor);
ZEND_METHOD(Active_Loopback, callback);
ZEND_METHOD(Active_Loopback, beginCallback);
ZEND_METHOD(Active_Loopback, openBrowser);
ZEND_METHOD(Active_Resource, __construct);
ZEND_METHOD(Active_Resource, discover);
ZEND_METHOD(Active_Resource, beginDiscover);
ZEND_METHOD(Active_Client, __construct);
ZEND_METHOD(Active_Client, replace);
ZEND_METHOD(Active_Client, document);
ZEND_METHOD(Active_Client, token);
ZEND_METHOD(Active_Client, refresh);
ZEND_METHOD(Active_Client, call);
ZEND_METHOD(Active_Client, authorize);
ZEND_METHOD(Active_Client, callback);
ZEND_METHOD(Active_Client, push);
ZEND_METHOD(Active_Client, revoke);
ZEND_METHOD(Active_Client, introspect);
ZEND_METHOD(Active_Client, introspectSigned);
ZEND_METHOD(Active_Client, presented);
ZEND_METHOD(Active_Client, accessTokenClaims);
ZEND_METHOD(Active_Client, proofClaims);
ZEND_METHOD(Active_Client, userinfo);
ZEND_METHOD(Active_Client, idToken);
ZEND_METHOD(Active_Client, endSessionUrl);
ZEND_METHOD(Active_Client, device);
ZEND_METHOD(Active_Client, backchannel);
ZEND_METHOD(Active_Client, poll);
ZEND_METHOD(Active_Client, beginToken);
ZEND_METHOD(Active_Client, beginRefresh);
ZEND_METHOD(Active_Client, beginCall);
ZEND_METHOD(Active_Client, beginCallback);
ZEND_METHOD(Active_Client, beginPush);
ZEND_METHOD(Active_Client, beginRevoke);
ZEND_METHOD(Active_Client, beginIntrospect);
ZEND_METHOD(Active_Client, beginIntrospectSigned);
ZEND_METHOD(Active_Client, beginAccessTokenClaims);
ZEND_METHOD(Active_Client, beginUserinfo);
ZEND_METHOD(Active_Client, beginIdToken);
ZEND_METHOD(Active_Client, beginDevice);
ZEND_METHOD(Active_Client, beginBackchannel);
ZEND_METHOD(Active_Client, beginPoll);
ZEND_METHOD(Active_Session, __construct);
ZEND_METHOD(Active_Session, token);
ZEND_METHOD(Active_Session, call);
ZEND_METHOD(Active_Session, authorization);
ZEND_METHOD(Active_Session, login);
ZEND_METHOD(Active_Session, logout);
ZEND_METHOD(Active_Session, forgetRefusals);
ZEND_METHOD(Active_Session, beginToken);
ZEND_METHOD(Active_Session, beginCall);
ZEND_METHOD(Active_Session, beginLogin);
ZEND_METHOD(Active_Session, beginLogout);
ZEND_METHOD(Active_Exchange, __construct);
ZEND_METHOD(Active_Exchange, step);
ZEND_METHOD(Active_Exchange, receive);
ZEND_METHOD(Active_Exchange, noAnswer);
ZEND_METHOD(Active_Exchange, carry);
ZEND_METHOD(Active_Exchange, cancel);
ZEND_METHOD(Active_Exchange, store);
ZEND_METHOD(Active_Exchange, run);
ZEND_METHOD(Active_Send, __construct);
ZEND_METHOD(Active_Save, __construct);
ZEND_METHOD(Active_Wait, __construct);
ZEND_METHOD(Active_Store, __construct);
ZEND_METHOD(Active_Now, __construct);
ZEND_METHOD(Active_Request, __construct);
ZEND_METHOD(Active_Reply, __construct);
ZEND_METHOD(Active_Reply, header);
ZEND_METHOD(Active_Reply, challenges);
ZEND_METHOD(Active_Reply, stepUp);
ZEND_METHOD(Active_Reply, json);
ZEND_METHOD(Active_Token, __construct);
ZEND_METHOD(Active_Token, field);
ZEND_METHOD(Active_Token, isExpired);
ZEND_METHOD(Active_Token, saved);
ZEND_METHOD(Active_Token, restore);
ZEND_METHOD(Active_Token, __serialize);
ZEND_METHOD(Active_Token, __unserialize);
ZEND_METHOD(Active_User, __construct);
ZEND_METHOD(Active_Login, __construct);
ZEND_METHOD(Active_Login, saved);
ZEND_METHOD(Active_Login, restore);
ZEND_METHOD(Active_Login, __serialize);
ZEND_METHOD(Active_Login, __unserialize);
ZEND_METHOD(Active_Document, __construct);
ZEND_METHOD(Active_Document, field);
ZEND_METHOD(Active_Document, value);
ZEND_METHOD(Active_Device, __construct);
ZEND_METHOD(Active_Device, saved);
ZEND_METHOD(Active_Device, restore);
ZEND_METHOD(Active_Device, __serialize);
ZEND_METHOD(Active_Device, __unserialize);
ZEND_METHOD(Active_Backchannel, __construct);
ZEND_METHOD(Active_Backchannel, saved);
ZEND_METHOD(Active_Backchannel, restore);
ZEND_METHOD(Active_Backchannel, __serialize);
ZEND_METHOD(Active_Backchannel, __unserialize);
ZEND_METHOD(Active_Error, body);
ZEND_METHOD(Active_NoAnswer, __construct);


static const zend_function_entry class_Active_Agent_methods[] = {
	ZEND_ME(Active_Agent, __construct, arginfo_class_Active_Agent___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Key_methods[] = {
	ZEND_ME(Active_Key, __construct, arginfo_class_Active_Key___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Key, fromPem, arginfo_class_Active_Key_fromPem, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Key, fromJwk, arginfo_class_Active_Key_fromJwk, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Key, generate, arginfo_class_Active_Key_generate, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Key, generatePem, arginfo_class_Active_Key_generatePem, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Key, fromSigner, arginfo_class_Active_Key_fromSigner, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Key, publicJwk, arginfo_class_Active_Key_publicJwk, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Key, signJwt, arginfo_class_Active_Key_signJwt, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Key, thumbprintOf, arginfo_class_Active_Key_thumbprintOf, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Jws_methods[] = {
	ZEND_ME(Active_Jws, __construct, arginfo_class_Active_Jws___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Jws, verify, arginfo_class_Active_Jws_verify, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Jws, claims, arginfo_class_Active_Jws_claims, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Provider_methods[] = {
	ZEND_ME(Active_Provider, __construct, arginfo_class_Active_Provider___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Provider, discover, arginfo_class_Active_Provider_discover, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Provider, beginDiscover, arginfo_class_Active_Provider_beginDiscover, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Provider, register, arginfo_class_Active_Provider_register, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Provider, beginRegister, arginfo_class_Active_Provider_beginRegister, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Registration_methods[] = {
	ZEND_ME(Active_Registration, __construct, arginfo_class_Active_Registration___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Registration, restore, arginfo_class_Active_Registration_restore, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Registration, saved, arginfo_class_Active_Registration_saved, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Registration, value, arginfo_class_Active_Registration_value, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Registration, client, arginfo_class_Active_Registration_client, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Registration, readAgain, arginfo_class_Active_Registration_readAgain, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Registration, beginReadAgain, arginfo_class_Active_Registration_beginReadAgain, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Registration, update, arginfo_class_Active_Registration_update, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Registration, beginUpdate, arginfo_class_Active_Registration_beginUpdate, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Registration, delete, arginfo_class_Active_Registration_delete, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Registration, beginDelete, arginfo_class_Active_Registration_beginDelete, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Challenge_methods[] = {
	ZEND_ME(Active_Challenge, __construct, arginfo_class_Active_Challenge___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Challenge, parse, arginfo_class_Active_Challenge_parse, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Challenge, stepUp, arginfo_class_Active_Challenge_stepUp, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_StepUp_methods[] = {
	ZEND_ME(Active_StepUp, __construct, arginfo_class_Active_StepUp___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_StepUp, isMetBy, arginfo_class_Active_StepUp_isMetBy, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_StepUp, challenge, arginfo_class_Active_StepUp_challenge, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Access_methods[] = {
	ZEND_ME(Active_Access, __construct, arginfo_class_Active_Access___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Access, after, arginfo_class_Active_Access_after, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Access, beginAfter, arginfo_class_Active_Access_beginAfter, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Admission_methods[] = {
	ZEND_ME(Active_Admission, __construct, arginfo_class_Active_Admission___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Loopback_methods[] = {
	ZEND_ME(Active_Loopback, __construct, arginfo_class_Active_Loopback___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Loopback, onlyFor, arginfo_class_Active_Loopback_onlyFor, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Loopback, callback, arginfo_class_Active_Loopback_callback, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Loopback, beginCallback, arginfo_class_Active_Loopback_beginCallback, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Loopback, openBrowser, arginfo_class_Active_Loopback_openBrowser, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Resource_methods[] = {
	ZEND_ME(Active_Resource, __construct, arginfo_class_Active_Resource___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Resource, discover, arginfo_class_Active_Resource_discover, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Resource, beginDiscover, arginfo_class_Active_Resource_beginDiscover, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Client_methods[] = {
	ZEND_ME(Active_Client, __construct, arginfo_class_Active_Client___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, replace, arginfo_class_Active_Client_replace, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, document, arginfo_class_Active_Client_document, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Client, token, arginfo_class_Active_Client_token, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, refresh, arginfo_class_Active_Client_refresh, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, call, arginfo_class_Active_Client_call, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, authorize, arginfo_class_Active_Client_authorize, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, callback, arginfo_class_Active_Client_callback, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, push, arginfo_class_Active_Client_push, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, revoke, arginfo_class_Active_Client_revoke, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, introspect, arginfo_class_Active_Client_introspect, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, introspectSigned, arginfo_class_Active_Client_introspectSigned, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, presented, arginfo_class_Active_Client_presented, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, accessTokenClaims, arginfo_class_Active_Client_accessTokenClaims, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, proofClaims, arginfo_class_Active_Client_proofClaims, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, userinfo, arginfo_class_Active_Client_userinfo, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, idToken, arginfo_class_Active_Client_idToken, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, endSessionUrl, arginfo_class_Active_Client_endSessionUrl, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, device, arginfo_class_Active_Client_device, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, backchannel, arginfo_class_Active_Client_backchannel, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, poll, arginfo_class_Active_Client_poll, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginToken, arginfo_class_Active_Client_beginToken, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginRefresh, arginfo_class_Active_Client_beginRefresh, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginCall, arginfo_class_Active_Client_beginCall, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginCallback, arginfo_class_Active_Client_beginCallback, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginPush, arginfo_class_Active_Client_beginPush, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginRevoke, arginfo_class_Active_Client_beginRevoke, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginIntrospect, arginfo_class_Active_Client_beginIntrospect, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginIntrospectSigned, arginfo_class_Active_Client_beginIntrospectSigned, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginAccessTokenClaims, arginfo_class_Active_Client_beginAccessTokenClaims, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginUserinfo, arginfo_class_Active_Client_beginUserinfo, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginIdToken, arginfo_class_Active_Client_beginIdToken, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginDevice, arginfo_class_Active_Client_beginDevice, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginBackchannel, arginfo_class_Active_Client_beginBackchannel, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Client, beginPoll, arginfo_class_Active_Client_beginPoll, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Session_methods[] = {
	ZEND_ME(Active_Session, __construct, arginfo_class_Active_Session___construct, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, token, arginfo_class_Active_Session_token, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, call, arginfo_class_Active_Session_call, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, authorization, arginfo_class_Active_Session_authorization, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, login, arginfo_class_Active_Session_login, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, logout, arginfo_class_Active_Session_logout, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, forgetRefusals, arginfo_class_Active_Session_forgetRefusals, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, beginToken, arginfo_class_Active_Session_beginToken, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, beginCall, arginfo_class_Active_Session_beginCall, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, beginLogin, arginfo_class_Active_Session_beginLogin, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Session, beginLogout, arginfo_class_Active_Session_beginLogout, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Exchange_methods[] = {
	ZEND_ME(Active_Exchange, __construct, arginfo_class_Active_Exchange___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Exchange, step, arginfo_class_Active_Exchange_step, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Exchange, receive, arginfo_class_Active_Exchange_receive, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Exchange, noAnswer, arginfo_class_Active_Exchange_noAnswer, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Exchange, carry, arginfo_class_Active_Exchange_carry, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Exchange, cancel, arginfo_class_Active_Exchange_cancel, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Exchange, store, arginfo_class_Active_Exchange_store, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Exchange, run, arginfo_class_Active_Exchange_run, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Step_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Active_Send_methods[] = {
	ZEND_ME(Active_Send, __construct, arginfo_class_Active_Send___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Save_methods[] = {
	ZEND_ME(Active_Save, __construct, arginfo_class_Active_Save___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Wait_methods[] = {
	ZEND_ME(Active_Wait, __construct, arginfo_class_Active_Wait___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Store_methods[] = {
	ZEND_ME(Active_Store, __construct, arginfo_class_Active_Store___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Now_methods[] = {
	ZEND_ME(Active_Now, __construct, arginfo_class_Active_Now___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Request_methods[] = {
	ZEND_ME(Active_Request, __construct, arginfo_class_Active_Request___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Reply_methods[] = {
	ZEND_ME(Active_Reply, __construct, arginfo_class_Active_Reply___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Reply, header, arginfo_class_Active_Reply_header, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Reply, challenges, arginfo_class_Active_Reply_challenges, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Reply, stepUp, arginfo_class_Active_Reply_stepUp, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Reply, json, arginfo_class_Active_Reply_json, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Token_methods[] = {
	ZEND_ME(Active_Token, __construct, arginfo_class_Active_Token___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Token, field, arginfo_class_Active_Token_field, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Token, isExpired, arginfo_class_Active_Token_isExpired, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Token, saved, arginfo_class_Active_Token_saved, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Token, restore, arginfo_class_Active_Token_restore, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Token, __serialize, arginfo_class_Active_Token___serialize, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Token, __unserialize, arginfo_class_Active_Token___unserialize, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_User_methods[] = {
	ZEND_ME(Active_User, __construct, arginfo_class_Active_User___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Login_methods[] = {
	ZEND_ME(Active_Login, __construct, arginfo_class_Active_Login___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Login, saved, arginfo_class_Active_Login_saved, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Login, restore, arginfo_class_Active_Login_restore, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Login, __serialize, arginfo_class_Active_Login___serialize, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Login, __unserialize, arginfo_class_Active_Login___unserialize, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Document_methods[] = {
	ZEND_ME(Active_Document, __construct, arginfo_class_Active_Document___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Document, field, arginfo_class_Active_Document_field, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Document, value, arginfo_class_Active_Document_value, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Device_methods[] = {
	ZEND_ME(Active_Device, __construct, arginfo_class_Active_Device___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Device, saved, arginfo_class_Active_Device_saved, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Device, restore, arginfo_class_Active_Device_restore, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Device, __serialize, arginfo_class_Active_Device___serialize, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Device, __unserialize, arginfo_class_Active_Device___unserialize, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Backchannel_methods[] = {
	ZEND_ME(Active_Backchannel, __construct, arginfo_class_Active_Backchannel___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Active_Backchannel, saved, arginfo_class_Active_Backchannel_saved, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Backchannel, restore, arginfo_class_Active_Backchannel_restore, ZEND_ACC_PUBLIC|ZEND_ACC_STATIC)
	ZEND_ME(Active_Backchannel, __serialize, arginfo_class_Active_Backchannel___serialize, ZEND_ACC_PUBLIC)
	ZEND_ME(Active_Backchannel, __unserialize, arginfo_class_Active_Backchannel___unserialize, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Error_methods[] = {
	ZEND_ME(Active_Error, body, arginfo_class_Active_Error_body, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_Usage_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Active_Refused_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Active_Garbled_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Active_Untrusted_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Active_Expired_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Active_NoAnswer_methods[] = {
	ZEND_ME(Active_NoAnswer, __construct, arginfo_class_Active_NoAnswer___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Active_StoreError_methods[] = {
	ZEND_FE_END
};

static zend_class_entry *register_class_Active_Agent(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Agent", class_Active_Agent_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 6, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 7, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Key(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Key", class_Active_Key_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "frompem", sizeof("frompem") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "fromjwk", sizeof("fromjwk") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "signjwt", sizeof("signjwt") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "thumbprintof", sizeof("thumbprintof") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Jws(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Jws", class_Active_Jws_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "verify", sizeof("verify") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Provider(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Provider", class_Active_Provider_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "register", sizeof("register") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "beginregister", sizeof("beginregister") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Registration(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Registration", class_Active_Registration_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "restore", sizeof("restore") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Challenge(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Challenge", class_Active_Challenge_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_StepUp(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "StepUp", class_Active_StepUp_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Access(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Access", class_Active_Access_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 3, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Admission(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Admission", class_Active_Admission_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Loopback(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Loopback", class_Active_Loopback_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "openbrowser", sizeof("openbrowser") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Resource(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Resource", class_Active_Resource_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Client(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Client", class_Active_Client_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "replace", sizeof("replace") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "document", sizeof("document") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "token", sizeof("token") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "refresh", sizeof("refresh") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 3, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 4, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 5, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 6, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 7, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 9, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "callback", sizeof("callback") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "callback", sizeof("callback") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "presented", sizeof("presented") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "proofclaims", sizeof("proofclaims") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "idtoken", sizeof("idtoken") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "endsessionurl", sizeof("endsessionurl") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "endsessionurl", sizeof("endsessionurl") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "backchannel", sizeof("backchannel") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begintoken", sizeof("begintoken") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "beginrefresh", sizeof("beginrefresh") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 3, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 4, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 5, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 6, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 7, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 9, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincallback", sizeof("begincallback") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincallback", sizeof("begincallback") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "beginidtoken", sizeof("beginidtoken") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "beginbackchannel", sizeof("beginbackchannel") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Session(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Session", class_Active_Session_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__construct", sizeof("__construct") - 1), 3, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 3, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 4, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 5, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "call", sizeof("call") - 1), 6, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 3, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 4, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 5, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "begincall", sizeof("begincall") - 1), 6, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Exchange(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Exchange", class_Active_Exchange_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "receive", sizeof("receive") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "receive", sizeof("receive") - 1), 2, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Step(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Step", class_Active_Step_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_ABSTRACT|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Send(zend_class_entry *class_entry_Active_Step)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Send", class_Active_Send_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Step);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Save(zend_class_entry *class_entry_Active_Step)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Save", class_Active_Save_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Step);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Wait(zend_class_entry *class_entry_Active_Step)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Wait", class_Active_Wait_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Step);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Store(zend_class_entry *class_entry_Active_Step)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Store", class_Active_Store_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Step);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Now(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Now", class_Active_Now_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	zval property_wall_default_value;
	ZVAL_UNDEF(&property_wall_default_value);
	zend_string *property_wall_name = zend_string_init("wall", sizeof("wall") - 1, 1);
	zend_declare_typed_property(class_entry, property_wall_name, &property_wall_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_wall_name);

	zval property_mono_default_value;
	ZVAL_UNDEF(&property_mono_default_value);
	zend_string *property_mono_name = zend_string_init("mono", sizeof("mono") - 1, 1);
	zend_declare_typed_property(class_entry, property_mono_name, &property_mono_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_mono_name);

	return class_entry;
}

static zend_class_entry *register_class_Active_Request(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Request", class_Active_Request_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Reply(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Reply", class_Active_Reply_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Token(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Token", class_Active_Token_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "restore", sizeof("restore") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__unserialize", sizeof("__unserialize") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_User(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "User", class_Active_User_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Login(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Login", class_Active_Login_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "restore", sizeof("restore") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__unserialize", sizeof("__unserialize") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Document(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Document", class_Active_Document_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES|ZEND_ACC_NOT_SERIALIZABLE;

	return class_entry;
}

static zend_class_entry *register_class_Active_Device(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Device", class_Active_Device_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "restore", sizeof("restore") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__unserialize", sizeof("__unserialize") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Backchannel(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Backchannel", class_Active_Backchannel_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NO_DYNAMIC_PROPERTIES;


	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "restore", sizeof("restore") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(&class_entry->function_table, "__unserialize", sizeof("__unserialize") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	return class_entry;
}

static zend_class_entry *register_class_Active_Error(zend_class_entry *class_entry_RuntimeException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Error", class_Active_Error_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);
	class_entry->ce_flags |= ZEND_ACC_ABSTRACT;

	zval property_kind_default_value;
	ZVAL_UNDEF(&property_kind_default_value);
	zend_string *property_kind_name = zend_string_init("kind", sizeof("kind") - 1, 1);
	zend_declare_typed_property(class_entry, property_kind_name, &property_kind_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_kind_name);

	zval property_errorCode_default_value;
	ZVAL_UNDEF(&property_errorCode_default_value);
	zend_string *property_errorCode_name = zend_string_init("errorCode", sizeof("errorCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_errorCode_name, &property_errorCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_errorCode_name);

	zval property_standardCode_default_value;
	ZVAL_UNDEF(&property_standardCode_default_value);
	zend_string *property_standardCode_name = zend_string_init("standardCode", sizeof("standardCode") - 1, 1);
	zend_declare_typed_property(class_entry, property_standardCode_name, &property_standardCode_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_standardCode_name);

	zval property_description_default_value;
	ZVAL_UNDEF(&property_description_default_value);
	zend_string *property_description_name = zend_string_init("description", sizeof("description") - 1, 1);
	zend_declare_typed_property(class_entry, property_description_name, &property_description_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_description_name);

	zval property_errorUri_default_value;
	ZVAL_UNDEF(&property_errorUri_default_value);
	zend_string *property_errorUri_name = zend_string_init("errorUri", sizeof("errorUri") - 1, 1);
	zend_declare_typed_property(class_entry, property_errorUri_name, &property_errorUri_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_errorUri_name);

	zval property_status_default_value;
	ZVAL_UNDEF(&property_status_default_value);
	zend_string *property_status_name = zend_string_init("status", sizeof("status") - 1, 1);
	zend_declare_typed_property(class_entry, property_status_name, &property_status_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG|MAY_BE_NULL));
	zend_string_release(property_status_name);

	zval property_transient_default_value;
	ZVAL_UNDEF(&property_transient_default_value);
	zend_string *property_transient_name = zend_string_init("transient", sizeof("transient") - 1, 1);
	zend_declare_typed_property(class_entry, property_transient_name, &property_transient_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_transient_name);

	zval property_mayHaveBeenSent_default_value;
	ZVAL_UNDEF(&property_mayHaveBeenSent_default_value);
	zend_string *property_mayHaveBeenSent_name = zend_string_init("mayHaveBeenSent", sizeof("mayHaveBeenSent") - 1, 1);
	zend_declare_typed_property(class_entry, property_mayHaveBeenSent_name, &property_mayHaveBeenSent_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL|MAY_BE_NULL));
	zend_string_release(property_mayHaveBeenSent_name);

	zval property_ambiguous_default_value;
	ZVAL_UNDEF(&property_ambiguous_default_value);
	zend_string *property_ambiguous_name = zend_string_init("ambiguous", sizeof("ambiguous") - 1, 1);
	zend_declare_typed_property(class_entry, property_ambiguous_name, &property_ambiguous_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_ambiguous_name);

	zval property_retryAfter_default_value;
	ZVAL_UNDEF(&property_retryAfter_default_value);
	zend_string *property_retryAfter_name = zend_string_init("retryAfter", sizeof("retryAfter") - 1, 1);
	zend_declare_typed_property(class_entry, property_retryAfter_name, &property_retryAfter_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_DOUBLE|MAY_BE_NULL));
	zend_string_release(property_retryAfter_name);

	zend_string *property_renewed_class_Active_Token = zend_string_init("Active\\Token", sizeof("Active\\Token")-1, 1);
	zval property_renewed_default_value;
	ZVAL_UNDEF(&property_renewed_default_value);
	zend_string *property_renewed_name = zend_string_init("renewed", sizeof("renewed") - 1, 1);
	zend_declare_typed_property(class_entry, property_renewed_name, &property_renewed_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_renewed_class_Active_Token, 0, MAY_BE_NULL));
	zend_string_release(property_renewed_name);

	return class_entry;
}

static zend_class_entry *register_class_Active_Usage(zend_class_entry *class_entry_Active_Error)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Usage", class_Active_Usage_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Error);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_Active_Refused(zend_class_entry *class_entry_Active_Error)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Refused", class_Active_Refused_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Error);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_Active_Garbled(zend_class_entry *class_entry_Active_Error)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Garbled", class_Active_Garbled_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Error);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_Active_Untrusted(zend_class_entry *class_entry_Active_Error)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Untrusted", class_Active_Untrusted_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Error);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_Active_Expired(zend_class_entry *class_entry_Active_Error)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "Expired", class_Active_Expired_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Error);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_Active_NoAnswer(zend_class_entry *class_entry_Active_Error)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "NoAnswer", class_Active_NoAnswer_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Error);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}

static zend_class_entry *register_class_Active_StoreError(zend_class_entry *class_entry_Active_Error)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Active", "StoreError", class_Active_StoreError_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Active_Error);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	return class_entry;
}
