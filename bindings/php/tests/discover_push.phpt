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
var_dump(abs($login->urlExpiresAt - (time() + 60) * 1000) < 30000, $client->authorize('https://app.example/callback')->urlExpiresAt);
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

echo "an API says what it is\n";
$exchange = Active\Resource::beginDiscover('https://api.example/v1');
echo $exchange->step()->request->url, "\n";
$exchange->receive(200, [], '{"resource":"https://api.example/v1","authorization_servers":["https://login.example"]}');
$exchange->step();
echo json_encode($exchange->result->field('/authorization_servers'), JSON_UNESCAPED_SLASHES), "\n";
$exchange = Active\Resource::beginDiscover('https://api.example/v2');
$exchange->step();
$exchange->receive(200, [], '{"resource":"https://api.example/v1"}');
fails(fn () => $exchange->step(), 'another API');
fails(fn () => Active\Resource::discover('http://api.example'), 'plain http');
foreach ([null, 'Bearer error="invalid_token"', 'DPoP algs="ES256", Bearer resource_metadata="https://elsewhere.example/m"', ['Basic', 'Bearer resource_metadata="https://elsewhere.example/m"']] as $refusal) {
    echo Active\Resource::beginDiscover('https://api.example/v1', wwwAuthenticate: $refusal)->step()->request->url, "\n";
}
fails(fn () => Active\Resource::discover('https://api.example/v1', wwwAuthenticate: 'Bearer resource_metadata="http://api.example/m"'), 'a place that is plain http');

echo "a client is registered\n";
$record = ['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'token' => ['url' => '/token'], 'endpoints' => ['registration' => '/register']];
$exchange = Active\Provider::beginRegister($record, ['redirect_uris' => ['https://app.example/callback']], 'initial');
$request = $exchange->step()->request;
echo $request->url, ' ', $request->headers['authorization'][0], ' ', $request->body, "\n";
$exchange->receive(201, [], '{"client_id":"s6BhdRkqt3","client_secret":"cf136dc3c1fc"}');
$exchange->step();
echo $exchange->result->clientId, ' ', $exchange->result->client()->id, "\n";
$exchange = Active\Provider::beginRegister(json_encode($record), []);
echo $exchange->step()->request->body, "\n";
$exchange->receive(400, [], '{"error":"invalid_redirect_uri"}');
fails(fn () => $exchange->step(), 'refused');
fails(fn () => Active\Provider::register(['name' => ''] + $record, []), 'a wrong record');
fails(fn () => Active\Provider::register(array_diff_key($record, ['endpoints' => 0]), []), 'no endpoint');
fails(fn () => Active\Provider::register($record, [], "a\0"), 'NUL');
fails(fn () => Active\Provider::register("\xff", []), 'not UTF-8');
--EXPECT--
https://login.example/.well-known/oauth-authorization-server/tenant
string https://login.example/tenant
https://login.example/.well-known/oauth-authorization-server/tenant
another issuer: Active\Untrusted: metadata: it is the issuer https://evil.example's, and https://login.example/tenant was asked; nothing of it is used
https://login.example/.well-known/oauth-authorization-server/tenant
a command: Active\Untrusted: metadata: its token_endpoint is not a plain https URL (javascript:alert(1)); nothing was sent there
plain http: Active\Usage: issuer: must be https, plain http would show the secrets to everyone on the way: http://login.example
NUL: Active\Usage: issuer: holds a NUL byte
nobody there: Active\NoAnswer [connect]: the request for its metadata: no answer (connect, nothing was sent): no connection to 127.0.0.1:PORT: connection refused, nothing listens there
new: Error: Call to private Active\Provider::__construct() from global scope
https://login.example/tenant/par client_id response_type redirect_uri state code_challenge code_challenge_method scope
https://login.example/tenant/authorize?client_id=id&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc
forged: Active\Untrusted: callback: its state is not the one this login was begun with; nothing was sent on
bool(true)
NULL
bool(false)
bool(false)
https://login.example/tenant/par client_id response_type redirect_uri state code_challenge code_challenge_method
refused: Active\Refused [invalid_request/invalid_request]: login.example-a7b408957ab355c7 refused the pushed authorization request: invalid_request [HTTP 400]
no redirect URI: Active\Usage: redirect_uri: must be an absolute URI in visible ASCII: no URI
no time: Active\Usage: lifetime: must be seconds, from 0.001 to a day
no endpoint: Active\Usage: pushed_authorization_request: buildpass names no such endpoint; if it has one, its record needs endpoints.pushed_authorization_request
string(12) "Active\Login"
bool(true)
an API says what it is
https://api.example/.well-known/oauth-protected-resource/v1
["https://login.example"]
another API: Active\Untrusted: metadata: it is about the resource https://api.example/v1, and https://api.example/v2 was asked; nothing of it is used
plain http: Active\Usage: resource: must be https, plain http would show the secrets to everyone on the way: http://api.example
https://api.example/.well-known/oauth-protected-resource/v1
https://api.example/.well-known/oauth-protected-resource/v1
https://elsewhere.example/m
https://elsewhere.example/m
a place that is plain http: Active\Untrusted: metadata: its resource_metadata is not a plain https URL (http://api.example/m); nothing was sent there
a client is registered
https://login.example/register Bearer initial {"redirect_uris":["https://app.example/callback"]}
s6BhdRkqt3 s6BhdRkqt3
{}
refused: Active\Refused [invalid_redirect_uri/invalid_redirect_uri]: login.example refused the registration: invalid_redirect_uri [HTTP 400]
a wrong record: Active\Usage: provider record: name: must be made of a-z, 0-9, '-', '_' and '.'
no endpoint: Active\Usage: registration: login.example names no such endpoint; if it has one, its record needs endpoints.registration
NUL: Active\Usage: initialAccessToken: holds a NUL byte
not UTF-8: Active\Usage: provider record: not UTF-8 at byte 0
