<?php

/** What does the client credentials grant (RFC 6749 §4.4) need? Nothing but the client. */

namespace OAuth2\GrantType;

require_once __DIR__ . '/IGrantType.php';

class ClientCredentials implements IGrantType
{
    const GRANT_TYPE = 'client_credentials';

    public function validateParameters(#[\SensitiveParameter] &$parameters)
    {
    }
}
