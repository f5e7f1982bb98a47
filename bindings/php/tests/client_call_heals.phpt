--TEST--
A token that died is renewed once, saved, and the call repeated once
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$client = $sandbox->client('activebuilding');
$renewBy = ['password', $sandbox->staff()];
foreach (['body_200', 'body_401', 'meta_object', 'meta_object_401', 'meta_string', 'meta_string_401'] as $reading) {
    $sandbox->reading('activebuilding', ['expired' => $reading]);
    $token = $client->token('password', $sandbox->staff());
    $sandbox->revoke('activebuilding');
    $before = count($sandbox->log('activebuilding'));
    $saved = [];
    $reply = $client->call($token, 'GET', '/communities', renewBy: $renewBy, save: function (Active\Token $token) use (&$saved, $sandbox, $before) {
        // The call was not repeated yet.
        $saved[] = [$token->saved(), count($sandbox->log('activebuilding')) - $before];
    });
    echo "$reading: $reply->status, saved ", count($saved), ' after ', $saved[0][1], ' requests of ', count($sandbox->log('activebuilding')) - $before, ', ';
    var_dump($reply->renewed === $reply->token, $reply->token->saved() === $saved[0][0], $reply->renewed->accessToken !== $token->accessToken);
}
$sandbox->revoke('activebuilding');
fails(fn () => $client->call($token, 'GET', '/communities'), 'nothing to renew by');
fails(fn () => $client->call($token, 'GET', '/communities', renewBy: ['password', ['password' => 'wrong'] + $sandbox->staff()]), 'refused renewal');
class NotStored extends Exception {}
$before = $sandbox->counters('activebuilding');
fails(fn () => $client->call($token, 'GET', '/communities', renewBy: $renewBy, save: fn () => throw new NotStored('disk full')), 'save throws');
$after = $sandbox->counters('activebuilding');
echo $after['token_requests'] - $before['token_requests'], ' token request, ', $after['api_requests'] - $before['api_requests'], " API request: the call was not repeated\n";
echo "by refresh token: ";
$client = $sandbox->client('buildpass');
$token = $sandbox->login($client);
$sandbox->revoke('buildpass');
$reply = $client->call($token, 'GET', '/v1/builders', save: function (Active\Token $new) use ($token) {
    echo $new->refreshToken !== $token->refreshToken ? "rotated\n" : "kept\n";
});
echo $reply->renewed ? "renewed\n" : "the same\n";
// A second 401 is an error, no loop; the renewed token is on it, and not lost.
$token = $sandbox->login($client);
$sandbox->fault('buildpass', ['kind' => 'status', 'status' => 401, 'headers' => ['WWW-Authenticate' => 'Bearer error="invalid_token"']], path: '/v1/builders');
try {
    $client->call($token, 'GET', '/v1/builders');
} catch (Active\Refused $error) {
    echo $error->getMessage(), "\n";
    var_dump($error->renewed instanceof Active\Token, $error->renewed->refreshToken !== $token->refreshToken);
}
--EXPECT--
body_200: 200, saved 1 after 2 requests of 3, bool(true)
bool(true)
bool(true)
body_401: 200, saved 1 after 2 requests of 3, bool(true)
bool(true)
bool(true)
meta_object: 200, saved 1 after 2 requests of 3, bool(true)
bool(true)
bool(true)
meta_object_401: 200, saved 1 after 2 requests of 3, bool(true)
bool(true)
bool(true)
meta_string: 200, saved 1 after 2 requests of 3, bool(true)
bool(true)
bool(true)
meta_string_401: 200, saved 1 after 2 requests of 3, bool(true)
bool(true)
bool(true)
nothing to renew by: Active\Expired: token: activebuilding says it is dead (invalid_grant, HTTP 401), and there is no refresh token and no grant to renew it by; log in again
refused renewal: Active\Refused [authentication_failure/invalid_grant]: activebuilding refused the token request: authentication_failure (that is invalid_grant): invalid password [HTTP 400]
save throws: NotStored: disk full
1 token request, 1 API request: the call was not repeated
by refresh token: rotated
renewed
buildpass refused the call with a new token: invalid_token [HTTP 401]
bool(true)
bool(true)
