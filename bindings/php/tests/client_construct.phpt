--TEST--
Active\Client: what cannot be right is told at once or by the first exchange
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$token = fn (...$given) => fn () => (new Active\Client(...$given))->token('client_credentials', ['scope' => 'a']);
var_dump(new Active\Client('buildpass', 'id', secret: 'sentinel'));
fails($token('nobody', 'id'), 'unknown provider');
fails($token('', 'id'), 'empty provider');
fails($token('buildpass', ''), 'empty id');
fails($token('buildpass', 'id'), 'no secret');
fails($token('buildpass', 'id', secret: ''), 'empty secret');
fails($token('buildpass', 'id', secret: "s\0t"), 'NUL');
fails($token("build\0pass", 'id'), 'NUL in provider');
fails($token('buildpass', "\xff", secret: 's'), 'invalid UTF-8');
fails($token('buildpass', 'id', secret: "\xc3"), 'invalid UTF-8 in secret');
fails($token('buildpass', 'id', secret: "s\n"), 'line break');
fails($token('buildpass', 'id', secret: 's', auth: 'digest'), 'auth');
fails($token('buildpass', 'id', secret: 's', body: 'xml'), 'body');
fails($token('buildpass', 'id', secret: 's', base: 'not a url'), 'wrong URL');
fails($token('buildpass', 'id', secret: 's', base: 'http://api.example'), 'http URL');
fails($token('buildpass', 'id', secret: 's', base: 'http://api.example', dangerAllowPlainHttpToLoopback: true), 'http URL beyond loopback');
fails($token('buildpass', 'id', secret: 's', base: 'http://localhost:8080'), 'http URL to loopback');
fails(fn () => (new Active\Client('mybuilding', 'id', secret: 's'))->token('password', ['username' => 'a', 'password' => 'b']), 'no base');
fails($token('{"version":1,"name":"a","token":{"url":"/t","auht":"basic"}}', 'id'), 'record');
fails($token("{\n  \"version\": 1,\n  oops\n}", 'id'), 'record that is no JSON');
fails($token(' [1]', 'id'), 'record that is no object');
fails($token([], 'id'), 'record that is empty');
fails($token(['version' => 2], 'id'), 'record as an array');
fails($token(['version' => 1, 'name' => "\xff"], 'id'), 'record that cannot be JSON');
fails($token(['version' => 1, 'name' => 'a', 'token' => ['url' => 'https://{tenant}.example/t']], 'id', variables: ['tenant' => 'a/b']), 'variable');
fails($token(['version' => 1, 'name' => 'a', 'token' => ['url' => 'https://{tenant}.example/t']], 'id', variables: ['tenant' => null]), 'variable null');
fails(fn () => (new Active\Client('buildpass', 'id', secret: 's'))->token('client_credentials', ['read:builders']), 'parameters as a list');
fails(fn () => new Active\Client(), 'missing arguments');
fails(fn () => new Active\Client(null, null), 'null');
fails(fn () => new Active\Client('buildpass', 'id', agent: new stdClass()), 'agent');
fails(fn () => new Active\Client('buildpass', 'id', carry: 'no_such_function'), 'carry');
$client = new Active\Client('buildpass', 'id', secret: 's');
fails(fn () => $client->__construct('buildpass', 'other'), 'twice');
fails(fn () => clone $client, 'clone');
fails(fn () => serialize($client), 'serialize');
fails(fn () => $client->secret, 'read');
fails(function () use ($client) { $client->id = 'other'; }, 'write');
fails(function () use ($client) { unset($client->id); }, 'unset');
fails(function () use ($client) { $client->more = 1; }, 'dynamic property');
fails(function () use ($client) { $client->id .= 'x'; }, 'append');
fails(function () use ($client) { $reference = &$client->id; $reference = 'x'; }, 'reference');
echo $client->id, ' ', json_encode([isset($client->id), isset($client->nothing), empty($client->id), property_exists($client, 'id')]), "\n";
--EXPECT--
object(Active\Client)#2 (2) {
  ["provider"]=>
  string(9) "buildpass"
  ["id"]=>
  string(2) "id"
}
unknown provider: Active\Usage: provider: there is no built-in "nobody", only activebuilding, mybuilding, buildpass, honeywell; give any other as a JSON record
empty provider: Active\Usage: provider: there is no built-in "", only activebuilding, mybuilding, buildpass, honeywell; give any other as a JSON record
empty id: Active\Usage: client_id: missing
no secret: Active\Usage: client_secret: missing, buildpass authenticates its clients; a public client says auth none
empty secret: Active\Usage: client_secret: empty
NUL: Active\Usage: client_secret: holds a NUL byte
NUL in provider: Active\Usage: provider: holds a NUL byte
invalid UTF-8: Active\Usage: client_id: not UTF-8 at byte 0
invalid UTF-8 in secret: Active\Usage: client_secret: not UTF-8 at byte 0
line break: Active\Usage: client_secret: begins or ends with a blank or line break, which is hardly part of it
auth: Active\Usage: auth: must be basic, basic_raw, post, none, client_secret_jwt, private_key_jwt, tls_client_auth or self_signed_tls_client_auth
body: Active\Usage: body: must be form or json
wrong URL: Active\Usage: base: must be an absolute https URL: not a url
http URL: Active\Usage: base: must be https, plain http would show the secrets to everyone on the way: http://api.example
http URL beyond loopback: Active\Usage: base: plain http is allowed to loopback only: http://api.example
http URL to loopback: Active\Usage: base: must be https; for a test server without TLS on this machine a client can allow plain http to loopback: http://localhost:PORT
no base: Active\Usage: token.url: this provider's documents name no host, so give the client its base ("https://…")
record: Active\Usage: provider record: token.auht: unknown field `auht`, expected one of `url`, `urls`, `grants`, `body`, `auth`, `assertion_audience`, `scope_separator`, `parameters`, `required`, `error_codes`, `error_pointers`, `description_pointers`, `token_types`, `fields`, `expires_in_unit`, `zero_expires_in`, `resend_refresh_token`
record that is no JSON: Active\Usage: provider record: not JSON …
record that is no object: Active\Usage: provider record: must be a JSON object
record that is empty: Active\Usage: provider record: must be a JSON object
record as an array: Active\Usage: provider record: version: 2 is newer than this library, which reads 1
record that cannot be JSON: Active\Usage: provider record: cannot be encoded as JSON, is a text in it not UTF-8?
variable: Active\Usage: variable tenant: only letters, digits, '-', '.', '_' and '~' can stand in an endpoint
variable null: Active\Usage: variables: tenant must be a string or a number, null given
parameters as a list: Active\Usage: parameters: must be name => value, a list was given
missing arguments: ArgumentCountError: Active\Client::__construct() expects at least 2 arguments, 0 given
null: TypeError: Active\Client::__construct(): Argument #1 ($provider) must be of type array|string, null given
agent: TypeError: Active\Client::__construct(): Argument #8 ($agent) must be of type ?Active\Agent, stdClass given
carry: TypeError: Active\Client::__construct(): Argument #9 ($carry) must be a valid callback or null, function "no_such_function" not found or invalid function name
twice: Error: Active\Client is made already
clone: Error: Trying to clone an uncloneable object of class Active\Client
serialize: Exception: Serialization of 'Active\Client' is not allowed
read: Error: Undefined property Active\Client::$secret
write: Error: Active\Client::$id is read-only
unset: Error: Active\Client::$id is read-only
dynamic property: Error: Undefined property Active\Client::$more
append: Error: Active\Client::$id is read-only
reference: Error: Active\Client::$id is read-only
id [true,false,false,true]
