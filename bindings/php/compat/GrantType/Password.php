<?php

/** What does the password grant (RFC 6749 §4.3) need? */

namespace OAuth2\GrantType;

use OAuth2\InvalidArgumentException;

require_once __DIR__ . '/IGrantType.php';

class Password implements IGrantType
{
    const GRANT_TYPE = 'password';

    public function validateParameters(#[\SensitiveParameter] &$parameters)
    {
        foreach (['username', 'password'] as $name) {
            if (!isset($parameters[$name])) {
                throw new InvalidArgumentException(
                    "The '$name' parameter must be defined for the Password grant type",
                    InvalidArgumentException::MISSING_PARAMETER
                );
            }
        }
    }
}
