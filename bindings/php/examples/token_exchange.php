<?php
/**
 * How does a service call the next one for the user who called it (RFC 8693)? With a token that it gets for the one that came with the request:
 * `ISSUER=… CLIENT_ID=… CLIENT_SECRET=… SUBJECT_TOKEN=… php token_exchange.php`. tests/flows.phpt runs it against a server that others wrote.
 */

$record = Active\Provider::discover(getenv('ISSUER'));
$client = new Active\Client($record, getenv('CLIENT_ID'), secret: getenv('CLIENT_SECRET'));

$token = $client->token('urn:ietf:params:oauth:grant-type:token-exchange', [
    'subject_token' => getenv('SUBJECT_TOKEN'),
    'subject_token_type' => 'access_token',
    'scope' => 'read',
]);
echo $token->field('/issued_token_type'), ' with the scope ', $token->scope, "\n";
