<?php
/**
 * How does a program get tokens that are worthless to a thief (RFC 9449)? Every request proves that it has the key they are bound to:
 * `ISSUER=… CLIENT_ID=… CLIENT_SECRET=… KEY_FILE=… php dpop.php`. tests/flows.phpt runs it against a server that others wrote.
 */

// The key lives as long as its tokens: made once, readable by this program alone.
$file = getenv('KEY_FILE');
if (!file_exists($file)) {
    umask(0077);
    file_put_contents($file, Active\Key::generatePem());
}

$key = Active\Key::fromPem('ES256', file_get_contents($file));
$record = Active\Provider::discover(getenv('ISSUER'));
$client = new Active\Client($record, getenv('CLIENT_ID'), secret: getenv('CLIENT_SECRET'), dpop: $key, dpopRequired: true);

$token = $client->token('client_credentials');
$bound = $client->introspect($token)->field('/cnf/jkt') === $key->thumbprint;
echo $token->tokenType, $bound ? ' is bound to our key' : ' is bound to another key', "\n";
