<?php

/** What must a grant of OAuth2\Client know? */

namespace OAuth2\GrantType;

interface IGrantType
{
    /**
     * Throws where a parameter is missing.
     *
     * @param array $parameters by reference, because a grant may complete them
     */
    public function validateParameters(#[\SensitiveParameter] &$parameters);
}
