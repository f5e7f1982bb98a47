--TEST--
Client::revoke(), introspect() and userinfo(): what becomes of a token, and what a server says of it
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$client = $sandbox->client('buildpass');
[$token, $other] = [$client->token('client_credentials', ['scope' => 'read:builders']), $client->token('client_credentials', ['scope' => 'read:builders'])];
var_dump($client->revoke($token));
fails(fn () => $client->call($token, 'GET', '/v1/builders'), 'revoked');
var_dump($client->call($other, 'GET', '/v1/builders')->status);
$client->revoke($token);
echo "what the server does not know is revoked already\n";
$login = $sandbox->login($client);
$client->revoke($login);
fails(fn () => $client->refresh($login), 'its refresh token too');
fails(fn () => $sandbox->client('buildpass', secret: 'wrong-secret')->revoke($other), 'wrong secret');
var_dump($client->call($other, 'GET', '/v1/builders')->status);
$honeywell = $sandbox->client('honeywell');
fails(fn () => $honeywell->revoke($honeywell->token('client_credentials')), 'no endpoint');
fails(fn () => $client->introspect($other), 'no endpoint either');
fails(fn () => $honeywell->revoke($other), 'of another provider');
fails(fn () => $client->revoke('token'), 'no token');

$record = ['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'token' => ['url' => '/token', 'auth' => 'post'],
    'endpoints' => ['introspection' => '/introspect', 'userinfo' => '/userinfo', 'revocation' => '/revoke']];
$answer = '{"access_token":"2YotnFZ","token_type":"Bearer"}';
$mine = new Active\Client($record, 'id', secret: 'secret', carry: function (Active\Request $request) use (&$answer) {
    echo $request->method, ' ', $request->url, ' ', $request->body, "\n";
    return [200, [], $answer];
});
$own = $mine->token('client_credentials');
$answer = "\xEF\xBB\xBF" . '{"active":true,"aud":["a","b"],"exp":1700003600,"big":12345678901234567890,"deep":{"a/b":null}}';
$document = $mine->introspect($own);
foreach (['/active', '/aud/1', '/exp', '/big', '/deep', '/nothing', 'no pointer', ''] as $pointer) {
    echo "field $pointer: ", json_encode($document->field($pointer)), "\n";
}
echo json_encode($document->value()), ' ', $document->answer === substr($answer, 3) ? 'byte for byte but for the mark before it' : 'changed', "\n";
var_dump($document);
fails(fn () => $document->field("/\0"), 'NUL');
fails(fn () => serialize($document), 'serialize');
fails(fn () => clone $document, 'clone');
fails(fn () => new Active\Document(), 'new');
$answer = '{"sub":"248289761001"}';
echo $mine->userinfo($own)->field('/sub'), "\n";
fails(fn () => $mine->introspect($own), 'without active');
$answer = '[]';
fails(fn () => $mine->userinfo($own), 'no object');
$exchange = $mine->beginRevoke($own);
var_dump($exchange->result);
while ($exchange->step()) {
    $exchange->carry();
}
var_dump($exchange->result->value(), $exchange->token, $exchange->reply);
--EXPECT--
NULL
revoked: Active\Expired: token: buildpass says it is dead (invalid_token, HTTP 401), and there is no refresh token and no grant to renew it by; log in again
int(200)
what the server does not know is revoked already
its refresh token too: Active\Refused [invalid_grant/invalid_grant]: buildpass refused the token request: invalid_grant: The refresh token is unknown, expired or revoked [HTTP 400]
wrong secret: Active\Refused [invalid_client/invalid_client]: buildpass refused the revocation: invalid_client: Invalid client credentials [HTTP 401]
int(200)
no endpoint: Active\Usage: revocation: honeywell names no such endpoint; if it has one, its record needs endpoints.revocation
no endpoint either: Active\Usage: introspection: buildpass names no such endpoint; if it has one, its record needs endpoints.introspection
of another provider: Active\Usage: token: it was issued by buildpass, and this client talks to honeywell
no token: TypeError: Active\Client::revoke(): Argument #1 ($token) must be of type Active\Token, string given
POST https://login.example/token grant_type=client_credentials&client_id=id&client_secret=secret
POST https://login.example/introspect client_id=id&client_secret=secret&token=2YotnFZ&token_type_hint=access_token
field /active: true
field /aud/1: "b"
field /exp: 1700003600
field /big: "12345678901234567890"
field /deep: {"a\/b":null}
field /nothing: null
field no pointer: null
field : {"active":true,"aud":["a","b"],"big":"12345678901234567890","deep":{"a\/b":null},"exp":1700003600}
{"active":true,"aud":["a","b"],"exp":1700003600,"big":"12345678901234567890","deep":{"a\/b":null}} byte for byte but for the mark before it
object(Active\Document)#8 (1) {
  ["answer"]=>
  string(10) "[redacted]"
}
NUL: Active\Usage: pointer: holds a NUL byte
serialize: Exception: Serialization of 'Active\Document' is not allowed
clone: Error: Trying to clone an uncloneable object of class Active\Document
new: Error: Call to private Active\Document::__construct() from global scope
GET https://login.example/userinfo 
248289761001
POST https://login.example/introspect client_id=id&client_secret=secret&token=2YotnFZ&token_type_hint=access_token
without active: Active\Garbled: the answer does not say whether the token is active [HTTP 200, body: {"sub":"…"}]
GET https://login.example/userinfo 
no object: Active\Garbled: the answer is not a JSON object [HTTP 200, body: []]
NULL
POST https://login.example/revoke client_id=id&client_secret=secret&token=2YotnFZ&token_type_hint=access_token
array(0) {
}
NULL
NULL
