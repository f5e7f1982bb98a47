--TEST--
For APIs: presented(), accessTokenClaims() (RFC 9068) and introspectSigned() (RFC 9701)
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

const API = 'https://api.example/';
$record = ['version' => 1, 'name' => 'login.example', 'issuer' => 'https://login.example', 'base' => 'https://login.example',
    'token' => ['url' => '/token', 'auth' => 'post'], 'endpoints' => ['jwks' => '/jwks', 'introspection' => '/introspect']];
$key = Active\Key::fromPem('ES256', Active\Key::generatePem(), 'key-1');
$said = [200, [], ''];
$api = new Active\Client($record, 'id', secret: 's', carry: function (Active\Request $request) use ($key, &$said, &$asked) {
    $asked = $request;
    return str_ends_with($request->url, '/jwks') ? [200, [], json_encode(['keys' => [$key->publicJwk()]])] : $said;
});
$claims = ['iss' => 'https://login.example', 'sub' => 'jo', 'aud' => API, 'client_id' => 'c', 'jti' => 'j', 'iat' => time(), 'exp' => time() + 600, 'scope' => 'read'];
$jwt = fn (array $more = [], string $typ = 'at+jwt') => 'Bearer ' . $key->signJwt(array_filter($more + $claims, fn ($value) => $value !== null), $typ);

$token = $api->presented($jwt(), new Active\Now(1_700_000_000_000, 0));
echo $token->tokenType, ' ', $token->receivedAt, "\n";
$checked = $api->accessTokenClaims($token, API);
echo $checked->field('/sub'), ' ', $checked->field('/scope'), "\n";
$exchange = $api->beginAccessTokenClaims($api->presented($jwt(['cnf' => ['jkt' => 'thumb']])), API);
var_dump($exchange->step(), $exchange->result->field('/cnf/jkt'));

echo "not believed\n";
foreach ([['aud' => 'id'], ['iss' => 'https://evil.example'], ['exp' => 1], ['jti' => null], ['client_id' => null]] as $wrong) {
    fails(fn () => $api->accessTokenClaims($api->presented($jwt($wrong)), API), key($wrong));
}
fails(fn () => $api->accessTokenClaims($api->presented($jwt([], 'JWT')), API), 'an ID token');
fails(fn () => $api->accessTokenClaims($api->presented('Bearer opaque'), API), 'opaque');
fails(fn () => $api->accessTokenClaims($token, "\0"), 'NUL');
foreach (['', 'Bearer', 'Bearer ', 'Basic S3NTINEL', 'Bearer S3NTINEL S3NTINEL', "Bearer S3NTINEL\n", 'DPoP ' . str_repeat('S3NTINEL', 3000)] as $wrong) {
    fails(fn () => $api->presented($wrong), json_encode(substr($wrong, 0, 6)));
}
fails(fn () => $api->presented("Bearer \0"), 'NUL');

echo "a signed introspection\n";
$token = $api->presented('Bearer at');
$answer = ['iss' => 'https://login.example', 'aud' => 'id', 'iat' => time(), 'token_introspection' => ['active' => true, 'sub' => 'jo']];
$signed = fn (array $more = [], string $typ = 'token-introspection+jwt') => [200, ['Content-Type' => 'application/token-introspection+jwt'], $key->signJwt($more + $answer, $typ)];
$said = $signed();
echo json_encode($api->introspectSigned($token)->value()), ' ', $asked->headers['accept'][0], "\n";
foreach (['another typ' => $signed([], 'JWT'), 'of another issuer' => $signed(['iss' => 'https://evil.example']), 'for another' => $signed(['aud' => 'other']),
    'not signed' => [200, ['Content-Type' => 'application/json'], '{"active":true}'], 'refused' => [401, [], '{"error":"invalid_client"}']] as $what => $said) {
    fails(fn () => $api->introspectSigned($token), $what);
}
$said = $signed();
$exchange = $api->beginIntrospectSigned($token);
var_dump($exchange->step() instanceof Active\Send);

echo "how the user logged in (RFC 9470)\n";
$claims_of = fn (array $more) => $api->accessTokenClaims($api->presented($jwt($more)), API);
$strong = $claims_of(['acr' => 'gold', 'auth_time' => time() - 100]);
foreach ([[null, null], ['gold silver', null], ['platinum', null], [null, 300], ['gold', 30], ['gold', 0]] as [$ways, $age]) {
    echo json_encode([$ways, $age]), ' ', json_encode((new Active\StepUp($ways, $age))->isMetBy($strong)), ' ', json_encode((new Active\StepUp($ways, $age))->isMetBy($claims_of([]))), "\n";
}
var_dump((new Active\StepUp(maxAge: 30))->isMetBy($strong, new Active\Now((time() - 60) * 1000, 0)));
$wants = new Active\StepUp('gold silver', 300);
echo $wants->challenge(), "\n", $wants->challenge('DPoP'), "\n";
echo Active\Challenge::stepUp($wants->challenge())->acrValues, ' ', Active\Challenge::stepUp($wants->challenge())->maxAge, "\n";
fails(fn () => new Active\StepUp("\0"), 'NUL');
fails(fn () => new Active\StepUp(maxAge: -1), 'negative');
fails(fn () => $wants->challenge("DPoP\0"), 'NUL');
fails(fn () => $wants->challenge("Bearer\r\nX: y"), 'CR LF');
echo (new Active\StepUp('a"b'))->challenge(), "\n";
fails(fn () => $wants->maxAge = 1, 'write');
var_dump($wants);

echo "a token that is bound to a key (RFC 9449)\n";
(function () use ($api, $jwt, $key) {
    $bound = $api->presented('DPoP ' . substr($jwt(['cnf' => ['jkt' => $key->thumbprint]]), 7));
    $said_of = $api->accessTokenClaims($bound, API);
    $ath = rtrim(strtr(base64_encode(hash('sha256', $bound->accessToken, true)), '+/', '-_'), '=');
    $prove = fn () => $key->signJwt(['jti' => 'p', 'htm' => 'GET', 'htu' => API . 'things', 'iat' => time(), 'ath' => $ath], 'dpop+jwt');
    fails(fn () => $api->proofClaims($bound, $said_of, $prove(), 'GET', API . 'things'), 'without its key');
    fails(fn () => $api->proofClaims($bound, $said_of, '', 'GET', API . 'things'), 'no proof');
    fails(fn () => $api->proofClaims($bound, $said_of, 'p', 'GET', '/things'), 'no URL');
    fails(fn () => $api->proofClaims($bound, $said_of, "\0", 'GET', API), 'NUL');
    $proof = null;
    $caller = new Active\Client(['version' => 1, 'name' => 'login.example', 'base' => 'https://api.example', 'token' => ['url' => '/token']], 'c', secret: 's', dpop: $key,
        carry: function (Active\Request $request) use (&$proof, $bound) {
            $proof = $request->headers['dpop'][0] ?? null;
            return str_ends_with($request->url, '/token') ? [200, [], json_encode(['access_token' => $bound->accessToken, 'token_type' => 'DPoP'])] : [200, [], '{}'];
        });
    $caller->call($caller->token('client_credentials'), 'GET', '/things');
    echo $api->proofClaims($bound, $said_of, $proof, 'GET', API . 'things?x=1')->field('/htm'), "\n";
    fails(fn () => $api->proofClaims($bound, $said_of, $proof, 'PUT', API . 'things'), 'another method');
    fails(fn () => $api->proofClaims($bound, $said_of, $proof, 'GET', API . 'things', new Active\Now((time() + 100) * 1000, 0)), 'late');
})();
--EXPECT--
Bearer 1700000000000
jo read
NULL
string(5) "thumb"
not believed
aud: Active\Untrusted: access token: its aud does not name whom it should be for; nothing of it is used
iss: Active\Untrusted: access token: its iss is not the issuer it was asked of; nothing of it is used
exp: Active\Untrusted: access token: it has expired; if it is new, compare the clocks; nothing of it is used
jti: Active\Untrusted: access token: it has no jti; nothing of it is used
client_id: Active\Untrusted: access token: it has no client_id; nothing of it is used
an ID token: Active\Untrusted: access token: its typ is not at+jwt, so it was signed for another purpose; nothing of it is used
opaque: Active\Untrusted: access token: it is no signed JWT; ask the server about it by introspection; nothing of it is used
NUL: Active\Usage: resource: holds a NUL byte
"": Active\Untrusted: presented token: the header is no scheme and token; nothing of it is used
"Bearer": Active\Untrusted: presented token: the header is no scheme and token; nothing of it is used
"Bearer": Active\Untrusted: presented token: the header's token is no token; nothing of it is used
"Basic ": Active\Untrusted: presented token: the header's scheme is neither Bearer nor DPoP; nothing of it is used
"Bearer": Active\Untrusted: presented token: the header's token is no token; nothing of it is used
"Bearer": Active\Untrusted: presented token: the header's token is no token; nothing of it is used
"DPoP S": Active\Untrusted: presented token: the header's token is no token; nothing of it is used
NUL: Active\Usage: authorization: holds a NUL byte
a signed introspection
{"active":true,"sub":"jo"} application/token-introspection+jwt
another typ: Active\Untrusted: the introspection: its typ is not token-introspection+jwt, so it was signed for another purpose; nothing of it is used
of another issuer: Active\Untrusted: the introspection: its iss is not the issuer it was asked of; nothing of it is used
for another: Active\Untrusted: the introspection: its aud does not name whom it should be for; nothing of it is used
not signed: Active\Untrusted: the introspection: the answer is not signed: register the client with introspection_signed_response_alg, or ask for a plain one; nothing of it is used
refused: Active\Refused [invalid_client/invalid_client]: login.example refused the introspection: invalid_client [HTTP 401]
bool(true)
how the user logged in (RFC 9470)
[null,null] true true
["gold silver",null] true false
["platinum",null] false false
[null,300] true false
["gold",30] false false
["gold",0] false false
bool(true)
Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="300"
DPoP error="insufficient_user_authentication", acr_values="gold silver", max_age="300"
gold silver 300
NUL: Active\Usage: acrValues: holds a NUL byte
negative: Active\Usage: maxAge: must be seconds, 0 or more
NUL: Active\Usage: scheme: must be that of the token that was presented, Bearer or DPoP
CR LF: Active\Usage: scheme: must be that of the token that was presented, Bearer or DPoP
Bearer error="insufficient_user_authentication", acr_values="a\"b"
write: Error: Active\StepUp::$maxAge is read-only
object(Active\StepUp)#8 (2) {
  ["acrValues"]=>
  string(11) "gold silver"
  ["maxAge"]=>
  int(300)
}
a token that is bound to a key (RFC 9449)
without its key: Active\Untrusted: proof: it is no JWS in compact form with typ, alg and jwk; nothing of it is used
no proof: Active\Untrusted: proof: it is no JWS in compact form with typ, alg and jwk; nothing of it is used
no URL: Active\Usage: proof: the request's URL must be absolute
NUL: Active\Usage: proof: holds a NUL byte
GET
another method: Active\Untrusted: proof: its htm is not the request's method; nothing of it is used
late: Active\Untrusted: proof: its iat is not of this minute; compare the clocks; nothing of it is used
