--TEST--
Against a server that others wrote: ID tokens, signed requests and answers, FAPI 2.0, another login, what an API asks, a key that lives elsewhere
--EXTENSIONS--
active
openssl
--SKIPIF--
<?php require __DIR__ . '/needs_counterparts.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';
require __DIR__ . '/counterpart.inc';

const CALLBACK = 'https://client.example/callback';

$server = new Counterpart('oidc-provider');
$issuer = $server->told['issuer'];
/** How the server refuses; the provider's name in the message holds a port. */
$refused = function (callable $work, string $what) {
    try {
        $work();
        echo "$what: did not fail\n";
    } catch (Active\Error $error) {
        echo "$what: ", get_class($error), ' ', $error->standardCode ?? steady($error->getMessage()), "\n";
    }
};
$yes = fn (bool $so) => $so ? 'yes' : 'NO';

echo "ID tokens (OpenID Connect), logout\n";
foreach (['es256', 'rs256', 'ps256', 'eddsa'] as $algorithm) {
    $signed = $server->client("id-token-$algorithm");
    $login = $signed->authorize(CALLBACK, ['scope' => 'openid']);
    $token = $signed->callback($login, $server->signIn($login->url));
    $claims = $signed->idToken($token);
    echo "$algorithm: ", $claims->field('/sub'), ', its issuer: ', $yes($claims->field('/iss') === $issuer), "\n";
    $refused(fn () => $signed->idToken($token, 'another nonce'), 'another nonce');
    $refused(fn () => $server->client('basic')->idToken($token), 'of another client');
}
$url = $signed->endSessionUrl($token->idToken, 'https://client.example/logged-out', 'bye');
echo 'logged out: ', $server->wish('sign_out', url: $url), "\n";

echo "signed requests (RFC 9101)\n";
$signing = $server->client('jar', signedRequests: true);
foreach (['authorize', 'push'] as $way) {
    $login = $signing->$way(CALLBACK, ['scope' => 'openid']);
    parse_str(parse_url($login->url, PHP_URL_QUERY), $query);
    echo implode(' ', array_keys($query)), ': ', $signing->userinfo($signing->callback($login, $server->signIn($login->url)))->field('/sub'), "\n";
}
$unsigned = $server->client('jar');
$refused(fn () => $unsigned->push(CALLBACK, ['scope' => 'openid']), 'unsigned');
echo "signed answers (JARM)\n";
$keeps = $server->client('jarm');
foreach (['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'] as $mode) {
    $login = $keeps->authorize(CALLBACK, ['scope' => 'openid', 'response_mode' => $mode]);
    $saved = $login->saved();
    $back = $server->signIn($login->url);
    $refused(function () use ($keeps, &$saved, $back) { $keeps->callback($saved, substr($back, 0, -8) . 'AAAAAAAA'); }, "$mode, changed");
    echo $keeps->idToken($keeps->callback($saved, $back))->field('/sub'), ', nothing in clear: ', $yes(!str_contains($back, 'code=')), "\n";
}

echo "FAPI 2.0, another login (RFC 9470), for APIs (RFC 9068, 9701)\n";
$fapi = Active\Provider::discover($server->told['issuers']['fapi'], $server->agent);
foreach (['fapi-es256', 'fapi-ps256', 'fapi-eddsa'] as $name) {
    $strict = $server->client($name, provider: $fapi, dpop: Active\Key::generate(), policy: 'fapi_2_0');
    $login = $strict->push(CALLBACK, ['scope' => 'openid email']);
    $token = $strict->callback($login, $server->signIn($login->url));
    echo "$name: $token->tokenType ", $strict->userinfo($token)->field('/sub'), ' ', $strict->refresh($token)->tokenType, "\n";
    $refused(fn () => $strict->authorize(CALLBACK, ['scope' => 'openid']), 'not pushed');
}
foreach (['fapi-signing-es256', 'fapi-signing-ps256', 'fapi-signing-eddsa'] as $name) {
    $strict = $server->client($name, provider: $fapi, dpop: Active\Key::generate(), policy: 'fapi_2_0', signedRequests: true);
    $login = $strict->push(CALLBACK, ['scope' => 'openid email', 'response_mode' => 'jwt']);
    $back = $server->signIn($login->url);
    $token = $strict->callback($login, $back);
    echo "$name: $token->tokenType ", $strict->userinfo($token)->field('/sub'), ', all signed: ', $yes(!str_contains($back, 'code=')), "\n";
}
$fresh = $server->client('id-token-es256');
$login = $fresh->authorize(CALLBACK, ['scope' => 'openid'], stepUp: Active\Challenge::stepUp('Bearer error="insufficient_user_authentication", max_age="300"'));
echo 'a fresh login: ', $yes(abs($fresh->idToken($fresh->callback($login, $server->signIn($login->url)))->field('/auth_time') - time()) < 300), "\n";
$api = new Active\Client($server->record, 'api', auth: 'none', agent: $server->agent);
$key = Active\Key::generate();
$caller = $server->client('dpop', dpop: $key)->token('client_credentials', ['resource' => 'https://api.example/jwt', 'scope' => 'read']);
$claims = $api->accessTokenClaims($api->presented($caller->authorization), 'https://api.example/jwt');
echo 'presented: ', $claims->field('/client_id'), ' ', $claims->field('/scope'), ', bound: ', $yes($claims->field('/cnf/jkt') === $key->thumbprint), "\n";
$refused(fn () => $api->accessTokenClaims($api->presented($caller->authorization), 'https://api.example/opaque'), 'for another API');
$asking = $server->client('jwt-answers');
$token = $asking->token('client_credentials', ['resource' => 'https://api.example/opaque', 'scope' => 'read']);
echo 'introspected: ', $yes($asking->introspectSigned($token)->value() == $asking->introspect($token)->value()), "\n";
$asking->revoke($token);
echo 'revoked: ', json_encode($asking->introspectSigned($token)->value()), "\n";

echo "a key that lives elsewhere\n";
$rsa = openssl_pkey_get_private($server->told['clients']['key-rs256']['key']['pem']);
$signed = 0;
$hsm = function (string $message) use ($rsa, &$signed) { $signed++; openssl_sign($message, $signature, $rsa, OPENSSL_ALGO_SHA256); return $signature; };
$elsewhere = $server->client('key-rs256', key: Active\Key::fromSigner('RS256', $hsm, id: $server->told['clients']['key-rs256']['key']['kid']));
echo 'by an HSM: ', $yes($elsewhere->token('client_credentials')->authorization !== null && $signed === 1), "\n";
--EXPECT--
ID tokens (OpenID Connect), logout
es256: alice, its issuer: yes
another nonce: Active\Untrusted ID token: its nonce is not the one that was sent, so it may be replayed; nothing of it is used
of another client: Active\Untrusted ID token: its aud does not name whom it should be for; nothing of it is used
rs256: alice, its issuer: yes
another nonce: Active\Untrusted ID token: its nonce is not the one that was sent, so it may be replayed; nothing of it is used
of another client: Active\Untrusted ID token: its aud does not name whom it should be for; nothing of it is used
ps256: alice, its issuer: yes
another nonce: Active\Untrusted ID token: its nonce is not the one that was sent, so it may be replayed; nothing of it is used
of another client: Active\Untrusted ID token: its aud does not name whom it should be for; nothing of it is used
eddsa: alice, its issuer: yes
another nonce: Active\Untrusted ID token: its nonce is not the one that was sent, so it may be replayed; nothing of it is used
of another client: Active\Untrusted ID token: its aud does not name whom it should be for; nothing of it is used
logged out: https://client.example/logged-out?state=bye
signed requests (RFC 9101)
client_id request: alice
client_id request_uri: alice
unsigned: Active\Refused invalid_request
signed answers (JARM)
jwt, changed: Active\Untrusted callback: none of the server's keys fits its signature; nothing of it is used
alice, nothing in clear: yes
query.jwt, changed: Active\Untrusted callback: none of the server's keys fits its signature; nothing of it is used
alice, nothing in clear: yes
fragment.jwt, changed: Active\Untrusted callback: none of the server's keys fits its signature; nothing of it is used
alice, nothing in clear: yes
form_post.jwt, changed: Active\Untrusted callback: none of the server's keys fits its signature; nothing of it is used
alice, nothing in clear: yes
FAPI 2.0, another login (RFC 9470), for APIs (RFC 9068, 9701)
fapi-es256: DPoP alice DPoP
not pushed: Active\Usage policy fapi_2_0: an authorization request is pushed to the server first (FAPI 2.0 §5.3.3.2 number 2); push it, and send the browser to the login's URL then
fapi-ps256: DPoP alice DPoP
not pushed: Active\Usage policy fapi_2_0: an authorization request is pushed to the server first (FAPI 2.0 §5.3.3.2 number 2); push it, and send the browser to the login's URL then
fapi-eddsa: DPoP alice DPoP
not pushed: Active\Usage policy fapi_2_0: an authorization request is pushed to the server first (FAPI 2.0 §5.3.3.2 number 2); push it, and send the browser to the login's URL then
fapi-signing-es256: DPoP alice, all signed: yes
fapi-signing-ps256: DPoP alice, all signed: yes
fapi-signing-eddsa: DPoP alice, all signed: yes
a fresh login: yes
presented: dpop read, bound: yes
for another API: Active\Untrusted access token: its aud does not name whom it should be for; nothing of it is used
introspected: yes
revoked: {"active":false}
a key that lives elsewhere
by an HSM: yes
