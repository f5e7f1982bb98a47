--TEST--
A client's policy: what OAuth 2.1 and FAPI 2.0 forbid is told before anything is sent
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

const CALLBACK = 'https://app.example/callback';
// A server that can FAPI 2.0, as it describes itself.
$exchange = Active\Provider::beginDiscover('https://login.example');
$exchange->step();
$exchange->receive(200, [], json_encode(['issuer' => 'https://login.example', 'authorization_endpoint' => 'https://login.example/authorize',
    'token_endpoint' => 'https://login.example/token', 'pushed_authorization_request_endpoint' => 'https://login.example/par', 'jwks_uri' => 'https://login.example/jwks',
    'response_types_supported' => ['code'], 'code_challenge_methods_supported' => ['S256'], 'authorization_response_iss_parameter_supported' => true]));
$exchange->step();
$record = $exchange->result;
$password = ['username' => 'jo', 'password' => 'S3NTINEL'];
echo (new Active\Client($record, 'id', secret: 's'))->beginToken('password', $password)->step()->request->method, "\n";
foreach (['oauth_2_1', 'fapi_2_0'] as $policy) {
    $client = new Active\Client($record, 'id', secret: 's', policy: $policy);
    fails(fn () => $client->token('password', $password), $policy);
}
$key = Active\Key::generate('ES256', 'mine');
$fapi = fn (...$more) => new Active\Client($record, 'id', ...$more + ['auth' => 'private_key_jwt', 'key' => $key, 'dpop' => Active\Key::generate(), 'policy' => 'fapi_2_0']);
fails(fn () => $fapi()->authorize(CALLBACK, ['scope' => 'openid']), 'not pushed');
fails(fn () => $fapi(auth: 'post', secret: 'S3NTINEL')->token('client_credentials'), 'by a secret');
fails(fn () => $fapi(dpop: null)->token('client_credentials'), 'not bound');
fails(fn () => $fapi(assertionAudience: 'token_endpoint')->token('client_credentials'), 'for the endpoint');
$exchange = $fapi()->beginPush(CALLBACK, ['scope' => 'openid']);
parse_str($exchange->step()->request->body, $pushed);
echo implode(' ', array_intersect(['client_assertion', 'code_challenge', 'nonce'], array_keys($pushed))), "\n";
fails(fn () => $fapi(policy: 'fapi_1')->token('client_credentials'), 'no such policy');
fails(fn () => $fapi(policy: "fapi_2_0\0"), 'NUL');

// A session's client keeps to it, too, and one without is another session.
$session = fn (?string $policy) => new Active\Session(new Active\Client($record, 'id', secret: 's', policy: $policy), grant: 'client_credentials');
$exchange = $session('oauth_2_1')->beginToken();
$exchange->step();
$exchange->receive(200, [], '{"access_token":"strict","token_type":"Bearer","expires_in":3600}');
$exchange->step();
var_dump($session('oauth_2_1')->authorization(), $session(null)->authorization());
--EXPECT--
POST
oauth_2_1: Active\Usage: policy oauth_2_1: a user's password is for the server alone, so there is no password grant (RFC 9700 §2.4); log the user in in the browser, or on a device of their own
fapi_2_0: Active\Usage: policy fapi_2_0: a client is confidential, and authenticates by private_key_jwt, tls_client_auth or self_signed_tls_client_auth (FAPI 2.0 §5.3.3.1 number 2); register it for one of those, and say so by auth
not pushed: Active\Usage: policy fapi_2_0: an authorization request is pushed to the server first (FAPI 2.0 §5.3.3.2 number 2); push it, and send the browser to the login's URL then
by a secret: Active\Usage: policy fapi_2_0: a client is confidential, and authenticates by private_key_jwt, tls_client_auth or self_signed_tls_client_auth (FAPI 2.0 §5.3.3.1 number 2); register it for one of those, and say so by auth
not bound: Active\Usage: policy fapi_2_0: a token is bound to its client (FAPI 2.0 §5.3.3.1 number 1); give the client a key for DPoP, or have it show a certificate
for the endpoint: Active\Usage: policy fapi_2_0: the JWT that authenticates a client is meant for the issuer and for nobody else (FAPI 2.0 §5.3.3.1 number 5); leave assertion_audience out
client_assertion code_challenge nonce
no such policy: Active\Usage: policy: must be oauth_2_1 or fapi_2_0
NUL: Active\Usage: policy: holds a NUL byte
string(13) "Bearer strict"
NULL
