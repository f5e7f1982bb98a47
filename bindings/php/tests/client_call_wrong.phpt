--TEST--
Client::call() refuses what cannot be right before anything is sent
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$client = $sandbox->client('buildpass');
$token = $client->token('client_credentials', ['scope' => 'read:builders']);
fails(fn () => $client->call($token, 'G T', '/x'), 'method');
fails(fn () => $client->call($token, 'GET', ''), 'no target');
fails(fn () => $client->call($token, 'GET', 'https://other.example/x'), 'another origin');
fails(fn () => $client->call($token, 'GET', "/x\r\nHost: other"), 'CR LF in the target');
fails(fn () => $client->call($token, 'GET', "/x\0"), 'NUL in the target');
fails(fn () => $client->call($token, "GET\0", '/x'), 'NUL in the method');
fails(fn () => $client->call($token, 'GET', '/x', headers: ['Authorization' => 'Bearer x']), 'Authorization');
fails(fn () => $client->call($token, 'GET', '/x', headers: ['X-A' => "b\r\nX-B: c"]), 'CR LF in a header');
fails(fn () => $client->call($token, 'GET', '/x', headers: ['X A' => 'b']), 'header name');
fails(fn () => $client->call($token, 'GET', '/x', headers: [['X-A']]), 'half a pair');
fails(fn () => $client->call($token, 'GET', '/x', headers: [1]), 'a number');
fails(fn () => $client->call($token, 'GET', '/x', query: ['a' => null]), 'null');
fails(fn () => $client->call($token, 'GET', '/x', query: ['a' => ['b' => ['c']]]), 'nested');
fails(fn () => $client->call($token, 'GET', '/x', query: ["a\0" => 'b']), 'NUL in a name');
fails(fn () => $client->call($token, 'POST', '/x', json: "\xff"), 'JSON');
fails(fn () => $client->call($token, 'POST', '/x', json: ["\xff" => 1]), 'JSON with such a name');
fails(fn () => $client->call($token, 'POST', '/x', json: [1], form: ['a' => 'b']), 'two bodies');
fails(fn () => $client->call($token, 'POST', '/x', body: 'a', json: [1]), 'two bodies more');
fails(fn () => $client->call($token, 'POST', '/x', body: 'a', contentType: "a\r\nb"), 'content type');
fails(fn () => $client->call($token, 'POST', '/x', body: 'a', contentType: "a\0b"), 'NUL in content type');
fails(fn () => $client->call($token, 'POST', '/x', json: new class implements JsonSerializable {
    public function jsonSerialize(): mixed { throw new DomainException('mine'); }
}), 'an exception of its own');
fails(fn () => $client->call($token, 'GET', '/x', renewBy: []), 'renewBy empty');
fails(fn () => $client->call($token, 'GET', '/x', renewBy: ['password', 'x']), 'renewBy text');
fails(fn () => $client->call($token, 'GET', '/x', renewBy: ['implicit', []]), 'renewBy unknown');
fails(fn () => $client->call($token, 'GET', '/x', renewBy: ["a\0b"]), 'renewBy NUL');
fails(fn () => $client->call($token, 'GET', '/x', save: 'no_such_function'), 'save');
fails(fn () => $client->call('token', 'GET', '/x'), 'token');
fails(fn () => $client->call(), 'nothing');
fails(fn () => $client->beginCall($token, 'GET', '/x', save: fn () => 1), 'beginCall has no save');
fails(fn () => $sandbox->client('honeywell')->call($token, 'GET', '/x'), 'a token of another provider');
echo $sandbox->counters('buildpass')['api_requests'], " API requests\n";
--EXPECT--
method: Active\Usage: call: not a method: G T
no target: Active\Usage: call: the target is missing
another origin: Active\Usage: call: the token belongs to https://localhost:PORT, so it is not sent to https://other.example:443
CR LF in the target: Active\Usage: call: not a URL: https://localhost:PORT/x��Host: other
NUL in the target: Active\Usage: target: holds a NUL byte
NUL in the method: Active\Usage: method: holds a NUL byte
Authorization: Active\Usage: call: the header Authorization is not one a call may set
CR LF in a header: Active\Usage: call: the value of the header X-A holds a character that no header may have
header name: Active\Usage: call: the header X A is not one a call may set
half a pair: Active\Usage: headers: must be name => values, lines "Name: value" or pairs [name, value]
a number: Active\Usage: call: the header  is not one a call may set
null: Active\Usage: query: a must be a string or a number, null given
nested: Active\Usage: query: a must be a string or a number, array given
NUL in a name: Active\Usage: query: a name holds a NUL byte
JSON: Active\Usage: json: cannot be encoded, is a text in it not UTF-8?
JSON with such a name: Active\Usage: json: cannot be encoded, is a text in it not UTF-8?
two bodies: Active\Usage: call: it has two bodies
two bodies more: Active\Usage: call: it has two bodies
content type: Active\Usage: call: not a content type
NUL in content type: Active\Usage: contentType: holds a NUL byte
an exception of its own: DomainException: mine
renewBy empty: Active\Usage: renewBy: must be a grant and its parameters: ['password', ['username' => ...]]
renewBy text: Active\Usage: renewBy: must be a grant and its parameters: ['password', ['username' => ...]]
renewBy unknown: Active\Usage: grant: "implicit" is none of client_credentials, password, authorization_code, refresh_token, nor the URI of another (RFC 6749 §4.5)
renewBy NUL: Active\Usage: grant: holds a NUL byte
save: TypeError: Active\Client::call(): Argument #11 ($save) must be a valid callback or null, function "no_such_function" not found or invalid function name
token: TypeError: Active\Client::call(): Argument #1 ($token) must be of type Active\Token, string given
nothing: ArgumentCountError: Active\Client::call() expects at least 3 arguments, 0 given
beginCall has no save: Error: Unknown named parameter $save
a token of another provider: Active\Usage: token: it was issued by buildpass, and this client talks to honeywell
0 API requests
