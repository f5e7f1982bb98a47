--TEST--
Active\Jws, Key::thumbprintOf() and serverAlgorithms: what was signed is believed by its signature, and by the algorithms that were named beforehand
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

echo "RFC 8037 appendix A.4\n";
$jwks = ['keys' => [['kty' => 'OKP', 'crv' => 'Ed25519', 'x' => '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo']]];
$signed = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
foreach ([[$jwks, ['ES256', 'EdDSA']], [json_encode($jwks), 'ES256 EdDSA']] as [$set, $algorithms]) {
    $jws = Active\Jws::verify($signed, $set, $algorithms);
    echo $jws->algorithm, ' ', json_encode($jws->keyId), ' ', $jws->payload, "\n";
}
var_dump($jws);
fails(fn () => $jws->claims(), 'no claims');
fails(fn () => Active\Jws::verify($signed, $jwks, 'ES256'), 'another algorithm');
fails(fn () => Active\Jws::verify($signed, $jwks, 'EdDSA', 'logout+jwt'), 'another type');
fails(fn () => Active\Jws::verify('eyJhbGciOiJub25lIn0.e30.', $jwks, 'EdDSA'), 'none');
fails(fn () => Active\Jws::verify(substr($signed, 0, -4) . 'AAAA', $jwks, 'EdDSA'), 'another signature');
fails(fn () => Active\Jws::verify($signed, ['keys' => []], 'EdDSA'), 'no key');
fails(fn () => Active\Jws::verify($signed, [], 'EdDSA'), 'no set');
fails(fn () => Active\Jws::verify($signed, $jwks, 'HS256'), 'a shared secret');
fails(fn () => Active\Jws::verify($signed, $jwks, []), 'no algorithm');
fails(fn () => Active\Jws::verify($signed, $jwks, [null]), 'an algorithm that is null');
fails(fn () => Active\Jws::verify("$signed\0", $jwks, 'EdDSA'), 'NUL');
fails(fn () => Active\Jws::verify($signed, "{}\0", 'EdDSA'), 'NUL in the set');
fails(fn () => Active\Jws::verify($signed, $jwks, "EdDSA\0"), 'NUL in the algorithms');
fails(fn () => new Active\Jws(), 'new');
fails(fn () => serialize($jws), 'serialize');

echo "a logout token\n";
$key = Active\Key::generate('ES256', '2026-11');
$logout = $key->signJwt(['sub' => 'jo', 'events' => ['http://schemas.openid.net/event/backchannel-logout' => new stdClass()]], 'logout+jwt');
$jws = Active\Jws::verify($logout, ['keys' => [$key->publicJwk()]], ['ES256'], 'LOGOUT+jwt');
echo $jws->keyId, ' ', json_encode($jws->claims()), "\n";
var_dump(Active\Key::thumbprintOf($key->publicJwk()) === $key->thumbprint);

echo "RFC 7638 section 3.1\n";
$rsa = '{"kty":"RSA","e":"AQAB","alg":"RS256","kid":"2011-04-29","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}';
echo Active\Key::thumbprintOf($rsa), ' ', Active\Key::thumbprintOf(json_decode($rsa, true)), "\n";
fails(fn () => Active\Key::thumbprintOf(['kty' => 'oct', 'k' => 'c2VjcmV0']), 'a shared secret');
fails(fn () => Active\Key::thumbprintOf([]), 'nothing');
fails(fn () => Active\Key::thumbprintOf("{}\0"), 'NUL');

echo "what a client takes from its own server\n";
$record = ['version' => 1, 'name' => 'login.example', 'issuer' => 'https://login.example', 'base' => 'https://login.example',
    'token' => ['url' => '/token', 'auth' => 'none'], 'endpoints' => ['jwks' => '/jwks']];
$id_token = $key->signJwt(['iss' => 'https://login.example', 'aud' => 'id', 'sub' => 'jo', 'iat' => time(), 'exp' => time() + 600]);
$carry = fn (Active\Request $request) => [200, [], str_ends_with($request->url, '/jwks') ? json_encode(['keys' => [$key->publicJwk()]])
    : json_encode(['access_token' => 'a', 'token_type' => 'Bearer', 'id_token' => $id_token])];
foreach ([null, 'ES256', 'PS256 ES256', ['PS256', 'ES256']] as $algorithms) {
    $token = (new Active\Client($record, 'id', carry: $carry, serverAlgorithms: $algorithms))->token('client_credentials');
    echo json_encode($algorithms), ' ', $token->idToken === $id_token ? 'taken' : 'not taken', "\n";
}
foreach (['PS256', ['EdDSA', 'RS256'], 'HS256', '', ['ES256', 5], "ES256\0"] as $algorithms) {
    fails(fn () => (new Active\Client($record, 'id', carry: $carry, serverAlgorithms: $algorithms))->token('client_credentials'), json_encode($algorithms));
}
--EXPECT--
RFC 8037 appendix A.4
EdDSA null Example of Ed25519 signing
EdDSA null Example of Ed25519 signing
object(Active\Jws)#2 (3) {
  ["algorithm"]=>
  string(5) "EdDSA"
  ["keyId"]=>
  NULL
  ["payload"]=>
  string(10) "[redacted]"
}
no claims: Active\Untrusted: signature: what was signed is no JSON object; payload has it
another algorithm: Active\Untrusted: signature: its algorithm is not one that is expected
another type: Active\Untrusted: signature: its type is not the expected one
none: Active\Untrusted: signature: its algorithm is not one that is expected
another signature: Active\Untrusted: signature: it does not match
no key: Active\Untrusted: signature: no key of the set fits it
no set: Active\Usage: key: this is no JWK set
a shared secret: Active\Usage: algorithms: each must be ES256, RS256, PS256 or EdDSA
no algorithm: Active\Usage: algorithms: name at least one, ES256 for example
an algorithm that is null: Active\Usage: algorithms: must be strings, null given
NUL: Active\Usage: jws: holds a NUL byte
NUL in the set: Active\Usage: jwks: holds a NUL byte
NUL in the algorithms: Active\Usage: algorithms: holds a NUL byte
new: Error: Call to private Active\Jws::__construct() from global scope
serialize: Exception: Serialization of 'Active\Jws' is not allowed
a logout token
2026-11 {"events":{"http:\/\/schemas.openid.net\/event\/backchannel-logout":[]},"sub":"jo"}
bool(true)
RFC 7638 section 3.1
NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs
a shared secret: Active\Usage: jwk: a symmetric key has no public half
nothing: Active\Usage: jwk: its kty is none of EC, OKP and RSA
NUL: Active\Usage: jwk: holds a NUL byte
what a client takes from its own server
null taken
"ES256" taken
"PS256 ES256" taken
["PS256","ES256"] taken
"PS256": Active\Untrusted: signature: its algorithm is not one that is expected
["EdDSA","RS256"]: Active\Untrusted: signature: its algorithm is not one that is expected
"HS256": Active\Usage: algorithms: each must be ES256, RS256, PS256 or EdDSA
"": Active\Usage: algorithms: name at least one, ES256 for example
["ES256",5]: Active\Usage: serverAlgorithms: must be strings, int given
"ES256\u0000": Active\Usage: serverAlgorithms: holds a NUL byte
