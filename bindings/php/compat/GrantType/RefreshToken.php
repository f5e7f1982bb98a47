<?php

/** What does the refresh token grant (RFC 6749 §6) need? */

namespace OAuth2\GrantType;

use OAuth2\InvalidArgumentException;

require_once __DIR__ . '/IGrantType.php';

class RefreshToken implements IGrantType
{
    const GRANT_TYPE = 'refresh_token';

    public function validateParameters(#[\SensitiveParameter] &$parameters)
    {
        foreach (['refresh_token'] as $name) {
            if (!isset($parameters[$name])) {
                throw new InvalidArgumentException(
                    "The '$name' parameter must be defined for the Refresh Token grant type",
                    InvalidArgumentException::MISSING_PARAMETER
                );
            }
        }
    }
}
