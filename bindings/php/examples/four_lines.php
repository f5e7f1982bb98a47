<?php
/** A token from BuildPass, in four lines. Put your own id and secret in; tests/examples.phpt runs it against the sandbox. */

$client = new Active\Client('buildpass', 'id', secret: 'secret');
$token = $client->token('client_credentials', ['scope' => 'read:builders']);
print_r($client->call($token, 'GET', '/v1/builders')->json());
