--TEST--
Provider::discover() and Client::push(): what is found out, and what is said, before a login
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$found = function (string $answer, int $status = 200) {
    $exchange = Active\Provider::beginDiscover('https://login.example/tenant');
    echo $exchange->step()->request->url, "\n";
    $exchange->receive($status, [], $answer);
    $exchange->step();
    return $exchange->result;
};
$metadata = ['issuer' => 'https://login.example/tenant', 'authorization_endpoint' => 'https://login.example/tenant/authorize',
    'token_endpoint' => 'https://login.example/tenant/token', 'pushed_authorization_request_endpoint' => 'https://login.example/tenant/par',
    'token_endpoint_auth_methods_supported' => ['none'], 'mtls_endpoint_aliases' => new stdClass()];
$record = $found(json_encode($metadata));
echo gettype($record), ' ', json_decode($record)->issuer, "\n";
fails(fn () => $found(json_encode(['issuer' => 'https://evil.example'] + $metadata)), 'another issuer');
fails(fn () => $found(json_encode(['token_endpoint' => 'javascript:alert(1)'] + $metadata)), 'a command');
fails(fn () => Active\Provider::discover('http://login.example'), 'plain http');
fails(fn () => Active\Provider::discover("https://login.example\0"), 'NUL');
fails(fn () => Active\Provider::discover('https://127.0.0.1:1'), 'nobody there');
fails(fn () => new Active\Provider(), 'new');

$answer = [201, [], '{"request_uri":"urn:ietf:params:oauth:request_uri:6esc","expires_in":60}'];
$client = new Active\Client($record, 'id', carry: function (Active\Request $request) use (&$answer) {
    parse_str($request->body, $form);
    echo $request->url, ' ', implode(' ', array_keys($form)), "\n";
    return $answer;
});
$login = $client->push('https://app.example/callback', ['scope' => 'openid']);
echo $login->url, "\n";
fails(fn () => $client->callback($login, 'https://app.example/callback?code=x&state=forged'), 'forged');
var_dump($login->taken, Active\Login::restore($login->saved())->taken);
$answer = [400, [], '{"error":"invalid_request"}'];
fails(fn () => $client->push('https://app.example/callback'), 'refused');
fails(fn () => $client->push('no URI'), 'no redirect URI');
fails(fn () => $client->push('https://app.example/callback', lifetime: 0.0), 'no time');
fails(fn () => (new Active\Client('buildpass', 'id', secret: 's'))->push('https://app.example/callback'), 'no endpoint');
$exchange = $client->beginPush('https://app.example/callback');
$exchange->step();
$exchange->receive(201, [], '{"request_uri":"urn:x","expires_in":60}');
$exchange->step();
var_dump(get_class($exchange->result), $exchange->result === $exchange->result);
--EXPECT--

