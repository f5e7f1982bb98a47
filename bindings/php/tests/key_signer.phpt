--TEST--
Active\Key: fromSigner() signs by a callable, signJwt() signs claims
--EXTENSIONS--
active
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$record = ['version' => 1, 'name' => 'login.example', 'issuer' => 'https://login.example', 'base' => 'https://login.example',
    'authorize' => ['url' => '/authorize'], 'token' => ['url' => '/token', 'auth' => 'private_key_jwt'], 'api' => ['base' => 'https://api.example']];
$plain = fn (string $part) => base64_decode(strtr($part, '-_', '+/'));
$opened = fn (string $jwt) => array_map(fn ($part) => json_decode($plain($part), true), array_slice(explode('.', $jwt), 0, 2));
$good = [200, [], '{"access_token":"a","token_type":"Bearer"}'];
$answered = fn () => fn () => $good;
// An HSM, as OpenSSL plays it.
$rsa = openssl_pkey_new(['private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_RSA]);
$public = openssl_pkey_get_details($rsa)['key'];
$hsm = function (string $message) use ($rsa, &$signed): string {
    $signed++;
    openssl_sign($message, $signature, $rsa, OPENSSL_ALGO_SHA256);
    return $signature;
};

echo "who the client is\n";
$key = Active\Key::fromSigner('RS256', $hsm, id: 'in-the-hsm');
$client = new Active\Client($record, 'id', key: $key, carry: fn () => $good);
parse_str($client->beginToken('client_credentials')->step()->request->body, $form);
[$message, $signature] = preg_split('/\.(?=[^.]*$)/', $form['client_assertion']);
echo json_encode($opened($form['client_assertion'])[0]), ' ', openssl_verify($message, $plain($signature), $public, OPENSSL_ALGO_SHA256), "\n";
echo $client->token('client_credentials')->accessToken, " $signed signatures\n";
var_dump($key->thumbprint, $key->publicJwk(), $key);

echo "bound to it (DPoP), by a session too\n";
$pem = Active\Key::generatePem();
$half = Active\Key::fromPem('ES256', $pem);
$ec = openssl_pkey_get_private($pem);
/** DER's two integers behind each other. */
$raw = function (string $der): string {
    $r = substr($der, 4, ord($der[3]));
    $s = substr($der, 6 + ord($der[3]));
    return str_pad(ltrim($r, "\0"), 32, "\0", STR_PAD_LEFT) . str_pad(ltrim($s, "\0"), 32, "\0", STR_PAD_LEFT);
};
$elsewhere = Active\Key::fromSigner('ES256', function (string $message) use ($ec, $raw) { openssl_sign($message, $der, $ec, OPENSSL_ALGO_SHA256); return $raw($der); }, $half->publicJwk());
var_dump($elsewhere->thumbprint === $half->thumbprint);
$calls = [];
$bound = new Active\Client(['token' => ['url' => '/token', 'auth' => 'none']] + $record, 'id', dpop: $elsewhere, carry: function (Active\Request $request) use (&$calls) {
    $calls[] = $request->headers['dpop'][0];
    return [200, [], '{"access_token":"b","token_type":"DPoP","expires_in":3600}'];
});
$session = new Active\Session($bound, grant: 'client_credentials');
echo $session->call('GET', '/x')->status, ' ', count($calls), ' proofs, ', json_encode($opened($calls[1])[0]['jwk'] == array_intersect_key($half->publicJwk(), ['kty' => 0, 'crv' => 0, 'x' => 0, 'y' => 0, 'kid' => 0])), "\n";

echo "such a session ends with its objects\n";
$quiet = new Active\Client(['token' => ['url' => '/token', 'auth' => 'none']] + $record, 'id', dpop: $elsewhere);
$exchange = (new Active\Session($quiet, grant: 'client_credentials'))->beginToken();
$exchange->step();
$exchange->receive(200, [], '{"access_token":"c","token_type":"DPoP","expires_in":3600}');
$exchange->step();
var_dump($exchange->token->accessToken, (new Active\Session($quiet, grant: 'client_credentials'))->authorization());
unset($exchange);

echo "what the callable does wrong\n";
$by = fn (callable $sign, string $algorithm = 'RS256') => new Active\Client($record, 'id', key: Active\Key::fromSigner($algorithm, $sign), carry: fn () => $good);
$previous = function (callable $work, string $what) {
    try {
        $work();
        echo "$what: did not fail\n";
    } catch (Throwable $error) {
        $before = $error->getPrevious();
        echo "$what: ", get_class($error), ': ', $error->getMessage(), $before ? ' <- ' . get_class($before) . ': ' . $before->getMessage() : '', "\n";
    }
};
$previous(fn () => $by(fn () => throw new DomainException('the card was pulled'))->token('client_credentials'), 'it throws');
$previous(fn () => $by(fn () => null)->token('client_credentials'), 'no string');
$previous(fn () => $by(fn () => str_repeat('x', 2000))->token('client_credentials'), 'too long');
$previous(fn () => $by(fn () => 'short', 'ES256')->token('client_credentials'), 'too short');
$previous(fn () => $by(function (string $message): string { return strlen(); })->token('client_credentials'), 'an error of its own');
$previous(fn () => $by($hsm, 'none')->token('client_credentials'), 'no algorithm');
$previous(fn () => (new Active\Client($record, 'id', key: Active\Key::fromSigner('RS256', fn () => throw new DomainException('pulled')), signedRequests: true))
    ->authorize('https://app.example/callback'), 'a signed request');
$exchange = null;
$within = $by(function () use (&$exchange) {
    foreach (['step' => [], 'run' => [], 'carry' => [], 'store' => [], 'receive' => [200, [], ''], 'noAnswer' => [false]] as $method => $arguments) {
        fails(fn () => $exchange->$method(...$arguments), $method);
    }
    var_dump($exchange->token, $exchange->result);
    return 'x';
});
$exchange = $within->beginToken('client_credentials');
var_dump(get_class($exchange->step()));
$exchange = null; // its client's key holds it
$fiber = new Fiber(fn () => $by(function () { Fiber::suspend(); return 'x'; })->token('client_credentials'));
$previous(fn () => $fiber->start(), 'another fiber');

echo "what cannot be right\n";
fails(fn () => Active\Key::fromSigner("RS256\0", $hsm), 'NUL');
fails(fn () => Active\Key::fromSigner('ES256', $hsm, "{}\0"), 'NUL');
fails(fn () => Active\Key::fromSigner('ES256', $hsm, '{'), 'no JWK');
fails(fn () => Active\Key::fromSigner('ES256', $hsm, ['kty' => "\xff"]), 'not UTF-8');
fails(fn () => Active\Key::fromSigner('ES256', 'no such function'), 'no callable');
fails(fn () => (new Active\Client(['token' => ['url' => '/token', 'auth' => 'none']] + $record, 'id', dpop: $key))->token('client_credentials'), 'DPoP without the public half');

echo "claims are signed\n";
$claims = ['iss' => 'id', 'sub' => 'jo', 'aud' => 'https://login.example', 'exp' => 2_000_000_000];
$jwt = $key->signJwt($claims, 'assertion+jwt');
echo json_encode($opened($jwt)), "\n";
[$message, $signature] = preg_split('/\.(?=[^.]*$)/', $jwt);
echo openssl_verify($message, $plain($signature), $public, OPENSSL_ALGO_SHA256), ' ', json_encode($opened($half->signJwt(json_encode($claims)))[1] == $claims), ' ',
    json_encode($opened($half->signJwt([]))[1]), "\n";
fails(fn () => $key->signJwt('[]'), 'a list');
fails(fn () => $key->signJwt("{}\0"), 'NUL');
fails(fn () => $key->signJwt([], "a\0"), 'NUL');
fails(fn () => $key->signJwt(['sub' => "\xff"]), 'not UTF-8');
$previous(fn () => Active\Key::fromSigner('RS256', fn () => throw new DomainException('pulled'))->signJwt([]), 'pulled');

echo "a cycle is collected\n";
$cycle = function () use ($record) {
    $holder = new stdClass();
    $holder->client = new Active\Client($record, 'id', key: Active\Key::fromSigner('RS256', fn () => $holder));
    return WeakReference::create($holder->client);
};
$weak = $cycle();
gc_collect_cycles();
var_dump($weak->get());

echo "a fatal error within it ends the program, and not with a crash\n";
$php = [PHP_BINARY, '-n', '-d', 'memory_limit=16M', '-d', 'display_errors=1', '-d', 'html_errors=0', '-d', 'extension_dir=' . ini_get('extension_dir'),
    '-d', 'extension=' . (getenv('ACTIVE_EXTENSION') ?: 'active'), '-r',
    'Active\Key::fromSigner("RS256", fn () => str_repeat("x", 1 << 28))->signJwt([]); echo "not reached";'];
$process = proc_open($php, [1 => ['pipe', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes, null, ['USE_ZEND_ALLOC' => '1'] + getenv());
echo preg_replace('~\d+~', 'N', explode(' in ', trim(stream_get_contents($pipes[1])))[0]), "\n", proc_close($process), "\n";

echo "exit() within it ends the program\n";
register_shutdown_function(function () { echo "the end\n"; });
$by(function () { exit("leaving\n"); })->token('client_credentials');
echo "not reached\n";
--EXPECT--
who the client is
{"typ":"client-authentication+jwt","alg":"RS256","kid":"in-the-hsm"} 1
a 2 signatures
NULL
array(0) {
}
object(Active\Key)#6 (1) {
  ["thumbprint"]=>
  NULL
}
bound to it (DPoP), by a session too
bool(true)
200 2 proofs, true
such a session ends with its objects
string(1) "c"
NULL
what the callable does wrong
it throws: Active\Usage: signer: it could not sign: the program's signer gave 1 <- DomainException: the card was pulled
no string: Active\Usage: signer: it could not sign: the program's signer gave 1 <- Active\Usage: sign: the callable must return the signature, a string of 1024 bytes at most
too long: Active\Usage: signer: it could not sign: the program's signer gave 1 <- Active\Usage: sign: the callable must return the signature, a string of 1024 bytes at most
too short: Active\Usage: signer: it could not sign: the program's signer gave a signature of 5 bytes; this algorithm's have 64 bytes, ECDSA's r and s, not DER
an error of its own: Active\Usage: signer: it could not sign: the program's signer gave 1 <- ArgumentCountError: strlen() expects exactly 1 argument, 0 given
no algorithm: Active\Usage: signer: its algorithm "none" is no asymmetric signature; ES256, PS256, RS256 or EdDSA would be
a signed request: Active\Usage: signer: it could not sign: the program's signer gave 1 <- DomainException: pulled
step: Active\Usage: step: this exchange is in the midst of a step, which the callables of that step cannot use
run: Active\Usage: run: this exchange is in the midst of a step, which the callables of that step cannot use
carry: Active\Usage: carry: this exchange is in the midst of a step, which the callables of that step cannot use
store: Active\Usage: store: this exchange is in the midst of a step, which the callables of that step cannot use
receive: Active\Usage: receive: this exchange is in the midst of a step, which the callables of that step cannot use
noAnswer: Active\Usage: noAnswer: this exchange is in the midst of a step, which the callables of that step cannot use
NULL
NULL
string(11) "Active\Send"
another fiber: Active\Usage: signer: it could not sign: the program's signer gave 1 <- FiberError: Cannot switch fibers in current execution context
what cannot be right
NUL: Active\Usage: algorithm: holds a NUL byte
NUL: Active\Usage: publicJwk: holds a NUL byte
no JWK: Active\Usage: jwk: not a JSON object
not UTF-8: Active\Usage: publicJwk: cannot be encoded as JSON, is a text in it not UTF-8?
no callable: TypeError: Active\Key::fromSigner(): Argument #2 ($sign) must be a valid callback, function "no such function" not found or invalid function name
DPoP without the public half: Active\Usage: dpop: the signer does not give its public key
claims are signed
[{"typ":"assertion+jwt","alg":"RS256","kid":"in-the-hsm"},{"aud":"https:\/\/login.example","exp":2000000000,"iss":"id","sub":"jo"}]
1 true []
a list: Active\Usage: claims: must be a JSON object
NUL: Active\Usage: claims: holds a NUL byte
NUL: Active\Usage: typ: holds a NUL byte
not UTF-8: Active\Usage: claims: cannot be encoded as JSON, is a text in it not UTF-8?
pulled: Active\Usage: signer: it could not sign: the program's signer gave 1 <- DomainException: pulled
a cycle is collected
NULL
a fatal error within it ends the program, and not with a crash
Fatal error: Allowed memory size of N bytes exhausted (tried to allocate N bytes)
255
exit() within it ends the program
leaving
the end
