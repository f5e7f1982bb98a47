--TEST--
Active\Key: private_key_jwt, client_secret_jwt and DPoP
--EXTENSIONS--
active
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$record = ['version' => 1, 'name' => 'login.example', 'issuer' => 'https://login.example', 'base' => 'https://login.example',
    'token' => ['url' => '/token', 'auth' => 'private_key_jwt'], 'api' => ['base' => 'https://api.example']];
$now = new Active\Now(1_700_000_000_000, 0);
$plain = fn (string $part) => base64_decode(strtr($part, '-_', '+/'));
$opened = fn (string $jwt) => array_map(fn ($part) => json_decode($plain($part), true), array_slice(explode('.', $jwt), 0, 2));
$form = function (Active\Client $client) use ($now) {
    parse_str($client->beginToken('client_credentials')->step($now)->request->body, $form);
    return $form;
};

// RFC 8037 appendix A.1, and its thumbprint of appendix A.3.
$jwk = ['kty' => 'OKP', 'crv' => 'Ed25519', 'd' => 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'x' => '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', 'kid' => 'mine'];
$key = Active\Key::fromJwk('EdDSA', $jwk);
echo $key->thumbprint, ' ', json_encode($key->publicJwk()), ' ', Active\Key::fromJwk('EdDSA', json_encode($jwk), 'other')->publicJwk()['kid'], "\n";
var_dump($key);

// What openssl made signs, and openssl believes it.
$rsa = openssl_pkey_new(['private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_RSA]);
openssl_pkey_export($rsa, $pem);
$sent = $form(new Active\Client($record, 'id', key: Active\Key::fromPem('RS256', $pem, 'k')));
echo $sent['client_assertion_type'], ' ', json_encode(array_keys($sent)), "\n";
[$header, $claims] = $opened($sent['client_assertion']);
unset($claims['jti']);
echo json_encode($header, JSON_UNESCAPED_SLASHES), ' ', json_encode($claims, JSON_UNESCAPED_SLASHES), "\n";
[$message, $signature] = preg_split('/\.(?=[^.]*$)/', $sent['client_assertion']);
echo openssl_verify($message, $plain($signature), openssl_pkey_get_details($rsa)['key'], OPENSSL_ALGO_SHA256), "\n";
echo $opened($form(new Active\Client($record, 'id', key: $key, assertionAudience: 'token_endpoint'))['client_assertion'])[1]['aud'], "\n";

$secret = 'c5a7f0e1d2b34c6f8e9a0b1c2d3e4f50';
$assertion = $form(new Active\Client($record, 'id', secret: $secret, auth: 'client_secret_jwt'))['client_assertion'];
[$message, $signature] = preg_split('/\.(?=[^.]*$)/', $assertion);
var_dump($plain($signature) === hash_hmac('sha256', $message, $secret, true));

echo "DPoP\n";
$bound = Active\Key::fromPem('ES256', Active\Key::generatePem());
$client = new Active\Client($record, 'id', auth: 'none', dpop: $bound, dpopRequired: true);
$exchange = $client->beginToken('client_credentials');
[$header, $claims] = $opened($exchange->step($now)->request->headers['dpop'][0]);
echo $header['typ'], ' ', $claims['htm'], ' ', $claims['htu'], ' ', json_encode($header['jwk'] == array_diff_key($bound->publicJwk(), ['alg' => 0, 'use' => 0])), "\n";
$exchange->receive(400, ['DPoP-Nonce' => 'nonce-1'], '{"error":"use_dpop_nonce"}');
echo $opened($exchange->step($now)->request->headers['dpop'][0])[1]['nonce'], "\n";
$exchange->receive(200, [], '{"access_token":"a","token_type":"DPoP"}');
$exchange->step($now);
echo $exchange->token->authorization, "\n";
$exchange = $client->beginToken('client_credentials');
$exchange->step($now);
$exchange->receive(200, [], '{"access_token":"a","token_type":"Bearer"}');
fails(fn () => $exchange->step($now), 'not bound');

echo "sessions of other keys are other sessions\n";
$session = fn (?Active\Key $key) => new Active\Session(new Active\Client($record, 'id', auth: 'none', dpop: $key), 'memory:', 'client_credentials');
$first = $session($bound)->beginToken();
$first->step();
$first->receive(200, [], '{"access_token":"a","token_type":"DPoP","expires_in":3600}');
$first->step();
foreach ([$bound, Active\Key::generate(), null] as $other) {
    echo json_encode($session($other)->authorization()), "\n";
}

echo "what cannot be right\n";
openssl_pkey_export($rsa, $locked, 'password');
fails(fn () => Active\Key::fromPem('RS256', $locked), 'encrypted');
fails(fn () => Active\Key::fromPem('RS256', openssl_pkey_get_details($rsa)['key']), 'public');
fails(fn () => Active\Key::fromPem('ES256', $pem), 'another kind');
fails(fn () => Active\Key::fromPem('none', $pem), 'none');
fails(fn () => Active\Key::fromPem('RS256', ''), 'empty');
fails(fn () => Active\Key::fromPem("RS256\0", $pem), 'NUL');
fails(fn () => Active\Key::fromPem('RS256', $pem, "\xff"), 'id');
fails(fn () => Active\Key::fromJwk('ES256', $jwk), 'for another algorithm');
fails(fn () => Active\Key::fromJwk('EdDSA', ['kty' => "\xff"]), 'not UTF-8');
fails(fn () => Active\Key::fromJwk('EdDSA', '{'), 'no JSON');
fails(fn () => Active\Key::generate('RS256'), 'RSA');
fails(fn () => Active\Key::generatePem('PS256'), 'RSA too');
fails(fn () => $form(new Active\Client($record, 'id')), 'no key');
fails(fn () => $form(new Active\Client($record, 'id', auth: 'none', dpopRequired: true)), 'no key to bind to');
fails(fn () => $form(new Active\Client($record, 'id', key: $key, assertionAudience: 'me')), 'audience');
fails(fn () => serialize($key), 'serialize');
fails(fn () => clone $key, 'clone');
fails(fn () => new Active\Key(), 'new');
--EXPECT--
kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k {"alg":"EdDSA","crv":"Ed25519","kid":"mine","kty":"OKP","use":"sig","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"} other
object(Active\Key)#5 (1) {
  ["thumbprint"]=>
  string(43) "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
}
urn:ietf:params:oauth:client-assertion-type:jwt-bearer ["grant_type","client_id","client_assertion_type","client_assertion"]
{"typ":"client-authentication+jwt","alg":"RS256","kid":"k"} {"iss":"id","sub":"id","aud":"https://login.example","iat":1700000000,"exp":1700000060}
1
https://login.example/token
bool(true)
DPoP
dpop+jwt POST https://login.example/token true
nonce-1
DPoP a
not bound: Active\Garbled: the token is bound to no key although a proof of one was sent, so it was discarded (RFC 9449 §5) [HTTP 200, body: {"access_token":"…","token_type":"…"}]
sessions of other keys are other sessions
"DPoP a"
null
null
what cannot be right
encrypted: Active\Usage: key: the key is encrypted; decrypt it first (openssl pkey -in … -out …)
public: Active\Usage: key: this is the public key; the private one signs
another kind: Active\Usage: key: this is no private key for ES256 (WrongAlgorithm); it needs P-256 with the public half in it, in PKCS #8
none: Active\Usage: key: the algorithm is none of ES256, RS256, PS256, EdDSA and HS256
empty: Active\Usage: key: there is no private key in this PEM text
NUL: Active\Usage: algorithm: holds a NUL byte
id: Active\Usage: key: its id: not UTF-8 at byte 0
for another algorithm: Active\Usage: key: this JWK is no key for ES256
not UTF-8: Active\Usage: key: cannot be encoded as JSON, is a text in it not UTF-8?
no JSON: Active\Usage: key: this is no JWK
RSA: Active\Usage: key: RSA keys are not generated here; openssl genpkey -algorithm rsa does it
RSA too: Active\Usage: key: RSA keys are not generated here; openssl genpkey -algorithm rsa does it
no key: Active\Usage: key: missing, login.example authenticates its clients by private_key_jwt; give the client its key
no key to bind to: Active\Usage: dpop: required, and the client was given no key for it
audience: Active\Usage: assertion_audience: must be issuer or token_endpoint
serialize: Exception: Serialization of 'Active\Key' is not allowed
clone: Error: Trying to clone an uncloneable object of class Active\Key
new: Error: Call to private Active\Key::__construct() from global scope
