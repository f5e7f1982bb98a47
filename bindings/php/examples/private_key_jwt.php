<?php
/**
 * How does a client prove who it is without sending a secret (RFC 7523)? By its key:
 * `ISSUER=… CLIENT_ID=… KEY_FILE=… KEY_ID=… php private_key_jwt.php`. tests/flows.phpt runs it against a server that others wrote.
 */

$key = Active\Key::fromPem('ES256', file_get_contents(getenv('KEY_FILE')), id: getenv('KEY_ID'));
$record = Active\Provider::discover(getenv('ISSUER'));
$client = new Active\Client($record, getenv('CLIENT_ID'), auth: 'private_key_jwt', key: $key);

$token = $client->token('client_credentials', ['resource' => 'https://api.example/opaque', 'scope' => 'read']);
echo 'A token for ', $client->introspect($token)->field('/aud'), "\n";
