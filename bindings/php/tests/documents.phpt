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
echo json_encode($document->value()), ' ', $document->answer === $answer ? 'byte for byte' : 'changed', "\n";
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

