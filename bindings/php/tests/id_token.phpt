--TEST--
ID tokens (OpenID Connect Core 1.0): checked before a token is handed out, and by Client::idToken(); endSessionUrl()
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

const CALLBACK = 'https://app.example/callback';
$record = ['version' => 1, 'name' => 'login.example', 'issuer' => 'https://login.example', 'base' => 'https://login.example', 'authorize' => ['url' => '/authorize'],
    'token' => ['url' => '/token', 'auth' => 'none'], 'endpoints' => ['jwks' => '/jwks', 'end_session' => '/bye?from=here']];
$key = Active\Key::fromPem('ES256', Active\Key::generatePem(), 'key-1');
$second = Active\Key::fromPem('ES256', Active\Key::generatePem(), 'key-2');
$jwks = ['keys' => [$key->publicJwk()]];
$next = [];
$asked = [];
$client = new Active\Client($record, 'id', carry: function (Active\Request $request) use (&$next, &$jwks, &$asked) {
    $asked[] = basename(parse_url($request->url, PHP_URL_PATH));
    return str_ends_with($request->url, '/jwks') ? [200, [], json_encode($jwks)] : [200, [], json_encode($next)];
});
$claims = fn (array $more = []) => array_filter($more + ['iss' => 'https://login.example', 'sub' => 'jo', 'aud' => 'id', 'exp' => time() + 600, 'iat' => time()], fn ($value) => $value !== null);
/** The end of a login whose ID token says this, too; its nonce is the login's where none is given. */
$log_in = function (array $more = [], ?Active\Key $by = null, ?callable $change = null) use ($client, $claims, $key, &$next): Active\Token {
    $login = $client->authorize(CALLBACK, ['scope' => 'openid']);
    parse_str(parse_url($login->url, PHP_URL_QUERY), $query);
    $jwt = ($by ?? $key)->signJwt($claims($more + ['nonce' => $query['nonce']]));
    $next = ['access_token' => 'a', 'token_type' => 'Bearer', 'refresh_token' => 'r', 'id_token' => $change ? $change($jwt) : $jwt];
    return $client->callback($login, CALLBACK . "?code=c&state=$query[state]");
};

$token = $log_in();
echo implode(' ', $asked), ' ', substr_count($token->idToken, '.'), "\n";
echo $client->idToken($token)->field('/sub'), ' ', implode(' ', $asked), "\n"; // the keys are known by now
$access = rtrim(strtr(base64_encode(substr(hash('sha256', 'a', true), 0, 16)), '+/', '-_'), '=');
echo $log_in(['at_hash' => $access, 'aud' => ['id', 'other'], 'azp' => 'id'])->accessToken, "\n";

echo "never handed out\n";
fails(fn () => $log_in(['iss' => 'https://evil.example']), 'iss');
fails(fn () => $log_in(['aud' => 'other']), 'aud');
fails(fn () => $log_in(['azp' => 'other']), 'azp');
fails(fn () => $log_in(['exp' => time() - 3600]), 'exp');
fails(fn () => $log_in(['nonce' => 'replayed']), 'nonce');
fails(fn () => $log_in(['at_hash' => 'AAAAAAAAAAAAAAAAAAAAAA']), 'at_hash');
fails(fn () => $log_in(['sub' => null]), 'sub');
fails(fn () => $log_in([], $second), 'an unknown key');
fails(fn () => $log_in([], null, fn ($jwt) => substr($jwt, 0, -8) . 'AAAAAAAA'), 'a forged signature');
fails(fn () => $log_in([], null, fn ($jwt) => 'eyJhbGciOiJub25lIn0.' . explode('.', $jwt)[1] . '.'), 'alg none');
fails(fn () => $log_in([], null, fn () => 'no JWT'), 'no JWT');

echo "a renewal\n";
$renew = function (array $more) use ($client, $claims, $key, $token, &$next) {
    $next = ['access_token' => 'b', 'token_type' => 'Bearer', 'id_token' => $key->signJwt($claims($more))];
    return $client->refresh($token)->accessToken;
};
echo $renew([]), "\n";
fails(fn () => $renew(['sub' => 'someone else']), 'sub');

echo "the keys of the server change\n";
$jwks = ['keys' => [$second->publicJwk()]];
$other = new Active\Client(['issuer' => 'https://other.example', 'base' => 'https://other.example', 'name' => 'other.example'] + $record, 'id', carry: function (Active\Request $request) use (&$next, &$jwks) {
    return str_ends_with($request->url, '/jwks') ? [200, [], json_encode($jwks)] : [200, [], json_encode($next)];
});
foreach ([0 => $second, 1 => $key, 120 => $key] as $seconds => $by) {
    $jwks = ['keys' => [$by->publicJwk()]];
    $next = ['access_token' => 'a', 'token_type' => 'Bearer', 'id_token' => $by->signJwt($claims(['iss' => 'https://other.example', 'nonce' => 'mine']))];
    $exchange = $other->beginToken('client_credentials');
    $now = new Active\Now((time() + $seconds) * 1000, intdiv(hrtime(true), 1000000) + $seconds * 1000);
    try {
        while ($exchange->step($now)) {
            $exchange->carry();
        }
        echo $other->idToken($exchange->result, 'mine')->field('/sub'), "\n";
    } catch (Active\Untrusted) {
        echo "not asked for again so soon\n";
    }
}

echo "what cannot be\n";
fails(fn () => $client->idToken($token, "\0"), 'NUL');
$next = ['access_token' => 'a', 'token_type' => 'Bearer'];
fails(fn () => $client->idToken($client->token('client_credentials')), 'none came');
fails(fn () => (new Active\Client(['endpoints' => []] + $record, 'id'))->idToken($token), 'no keys are published');
$exchange = $client->beginIdToken($token);
var_dump($exchange->step(), $exchange->result->field('/sub'));

echo "logout\n";
echo $client->endSessionUrl(), "\n", $client->endSessionUrl('a.b.c', 'https://app.example/bye', 'x y'), "\n";
fails(fn () => (new Active\Client(['endpoints' => []] + $record, 'id'))->endSessionUrl(), 'no endpoint');
fails(fn () => $client->endSessionUrl("\0"), 'NUL');
fails(fn () => $client->endSessionUrl(null, "\0"), 'NUL');
fails(fn () => $client->endSessionUrl(postLogoutRedirectUri: 'no URI'), 'no URI');

echo "legacy: what the browser brings in the fragment\n";
$legacy = new Active\Client(['token' => ['url' => '/token', 'auth' => 'none']] + $record, 'id', carry: fn () => [200, [], json_encode($jwks)]);
$jwks = ['keys' => [$key->publicJwk()]];
$login = $legacy->authorize(CALLBACK, ['response_type' => 'token', 'scope' => 'read']);
parse_str(parse_url($login->url, PHP_URL_QUERY), $query);
echo $query['response_type'], ' ', $legacy->callback($login, "access_token=f&token_type=Bearer&state=$query[state]")->accessToken, "\n";
--EXPECT--
token jwks 2
jo token jwks
a
never handed out
iss: Active\Untrusted: ID token: its iss is not the issuer it was asked of; nothing of it is used
aud: Active\Untrusted: ID token: its aud does not name whom it should be for; nothing of it is used
azp: Active\Untrusted: ID token: its azp is another client; nothing of it is used
exp: Active\Untrusted: ID token: it has expired; if it is new, compare the clocks; nothing of it is used
nonce: Active\Untrusted: ID token: its nonce is not the one that was sent, so it may be replayed; nothing of it is used
at_hash: Active\Untrusted: ID token: its at_hash is that of something else; nothing of it is used
sub: Active\Untrusted: ID token: it has no sub; nothing of it is used
an unknown key: Active\Untrusted: ID token: none of the server's keys fits its signature; nothing of it is used
a forged signature: Active\Untrusted: ID token: none of the server's keys fits its signature; nothing of it is used
alg none: Active\Untrusted: signature: its algorithm is not one that is expected
no JWT: Active\Untrusted: signature: this is no JWS in compact form
a renewal
b
sub: Active\Untrusted: ID token: it is about another user than the ID token before it (OpenID Connect Core §3.3.3.6, §12.2); nothing of it is used
the keys of the server change
jo
not asked for again so soon
jo
what cannot be
NUL: Active\Usage: nonce: holds a NUL byte
none came: Active\Untrusted: token: it came without an ID token, although openid was asked for; nothing of it is used
no keys are published: Active\Usage: ID token: what login.example signs cannot be checked, its record needs issuer and endpoints.jwks; discovery brings both
NULL
string(2) "jo"
logout
https://login.example/bye?from=here&client_id=id
https://login.example/bye?from=here&id_token_hint=a.b.c&client_id=id&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=x%20y
no endpoint: Active\Usage: end_session: login.example names no such endpoint; if it has one, its record needs endpoints.end_session
NUL: Active\Usage: idTokenHint: holds a NUL byte
NUL: Active\Usage: postLogoutRedirectUri: holds a NUL byte
no URI: Active\Usage: post_logout_redirect_uri: must be an absolute URI in visible ASCII: no URI
legacy: what the browser brings in the fragment
token f
