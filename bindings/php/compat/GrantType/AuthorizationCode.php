<?php

/** What does the authorization code grant (RFC 6749 §4.1) need? */

namespace OAuth2\GrantType;

use OAuth2\InvalidArgumentException;

require_once __DIR__ . '/IGrantType.php';

class AuthorizationCode implements IGrantType
{
    const GRANT_TYPE = 'authorization_code';

    public function validateParameters(#[\SensitiveParameter] &$parameters)
    {
        foreach (['code', 'redirect_uri'] as $name) {
            if (!isset($parameters[$name])) {
                throw new InvalidArgumentException(
                    "The '$name' parameter must be defined for the Authorization Code grant type",
                    InvalidArgumentException::MISSING_PARAMETER
                );
            }
        }
    }
}
