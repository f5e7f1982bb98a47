--TEST--
A refusal is Active\Refused, with the server's code and the standard one
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
fails(fn () => $sandbox->client('activebuilding')->token('password', ['password' => 'wrong'] + $sandbox->staff()), 'password');
$sandbox->reading('activebuilding', ['wrong_password' => 'invalid_grant']);
fails(fn () => $sandbox->client('activebuilding')->token('password', ['password' => 'wrong'] + $sandbox->staff()), 'password, other reading');
fails(fn () => $sandbox->client('activebuilding', secret: 'wrong')->token('password', $sandbox->staff()), 'secret');
fails(fn () => $sandbox->client('activebuilding', id: 'wrong')->token('password', $sandbox->staff()), 'id');
fails(fn () => $sandbox->client('mybuilding', id: 'wrong')->token('password', $sandbox->staff('mybuilding')), 'id at mybuilding');
fails(fn () => $sandbox->client('buildpass', secret: 'wrong')->token('client_credentials', ['scope' => 'read:builders']), 'secret at buildpass');
fails(fn () => $sandbox->client('buildpass')->token('client_credentials', ['scope' => 'read:everything']), 'scope');
fails(fn () => $sandbox->client('buildpass')->token('client_credentials', ['scope' => 'read:swms', 'audience' => 'https://other.example']), 'audience');
foreach (['apigee', 'fault', 'rfc'] as $shape) {
    $sandbox->reading('honeywell', ['errors' => $shape]);
    fails(fn () => $sandbox->client('honeywell', secret: 'wrong')->token('client_credentials'), "honeywell, $shape");
}
try {
    $sandbox->client('buildpass', secret: 'wrong')->token('client_credentials', ['scope' => 'read:builders']);
} catch (Active\Error $error) {
    foreach (['kind', 'errorCode', 'standardCode', 'description', 'errorUri', 'status', 'transient', 'mayHaveBeenSent', 'ambiguous', 'retryAfter', 'renewed'] as $name) {
        echo "$name: ", json_encode($error->$name), "\n";
    }
    echo 'body: ', $error->body(), "\n";
    var_dump($error instanceof RuntimeException, $error->getCode(), $error->getPrevious());
    fails(function () use ($error) { $error->status = 200; }, 'write');
    fails(fn () => clone $error, 'clone');
}
$sandbox->fault('buildpass', ['kind' => 'status', 'status' => 429, 'headers' => ['Retry-After' => '7'], 'body' => '{"error":"slow"}'], times: 1);
try {
    $sandbox->client('buildpass')->token('client_credentials', ['scope' => 'read:builders']);
} catch (Active\Refused $error) {
    var_dump($error->transient, $error->retryAfter, $error->status);
}
fails(fn () => new Active\Refused('by hand'), 'made by hand');
echo (new Active\Refused('by hand'))->kind, ' ', json_encode((new Active\Usage())->status), "\n";
--EXPECT--
password: Active\Refused [authentication_failure/invalid_grant]: activebuilding refused the token request: authentication_failure (that is invalid_grant): invalid password [HTTP 400]
password, other reading: Active\Refused [invalid_grant/invalid_grant]: activebuilding refused the token request: invalid_grant: invalid user credentials [HTTP 400]
secret: Active\Refused [invalid_client_credentials/invalid_client]: activebuilding refused the token request: invalid_client_credentials (that is invalid_client): client secret invalid [HTTP 400]
id: Active\Refused [invalid_client_id/invalid_client]: activebuilding refused the token request: invalid_client_id (that is invalid_client): client identifier invalid [HTTP 400]
id at mybuilding: Active\Refused [invalid_client_id/invalid_client]: mybuilding refused the token request: invalid_client_id (that is invalid_client): client identifier invalid [HTTP 400]
secret at buildpass: Active\Refused [invalid_client/invalid_client]: buildpass refused the token request: invalid_client: Invalid client credentials [HTTP 401]
scope: Active\Refused [invalid_scope/invalid_scope]: buildpass refused the token request: invalid_scope: Requested scopes are invalid for the audience [HTTP 400]
audience: Active\Refused [invalid_scope/invalid_scope]: buildpass refused the token request: invalid_scope: Requested scopes are invalid for the audience [HTTP 400]
honeywell, apigee: Active\Refused [invalid_client/invalid_client]: honeywell refused the token request: invalid_client: Client credentials are invalid [HTTP 401]
honeywell, fault: Active\Refused [oauth.v2.InvalidClientIdentifier/invalid_client]: honeywell refused the token request: oauth.v2.InvalidClientIdentifier (that is invalid_client): Client credentials are invalid [HTTP 401]
honeywell, rfc: Active\Refused [invalid_client/invalid_client]: honeywell refused the token request: invalid_client: Client credentials are invalid [HTTP 401]
kind: "refused"
errorCode: "invalid_client"
standardCode: "invalid_client"
description: "Invalid client credentials"
errorUri: null
status: 401
transient: false
mayHaveBeenSent: null
ambiguous: false
retryAfter: null
renewed: null
body: {"error":"invalid_client","error_description":"Invalid client credentials"}
bool(true)
int(0)
NULL
write: Error: Cannot modify readonly property Active\Error::$status
clone: Error: Trying to clone an uncloneable object of class Active\Refused
bool(true)
float(7)
int(429)
made by hand: did not fail
refused null
