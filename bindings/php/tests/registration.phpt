--TEST--
Active\Registration: a client that was registered is kept, restored, read, changed and deleted (RFC 7591, RFC 7592)
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$record = ['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'token' => ['url' => '/token'], 'endpoints' => ['registration' => '/register']];
$said = ['client_id' => 's6BhdRkqt3', 'client_secret' => 'made-secret', 'client_secret_expires_at' => 1577858400, 'registration_access_token' => 'manage-token',
    'registration_client_uri' => 'https://login.example/register/s6BhdRkqt3', 'redirect_uris' => ['https://app.example/callback'], 'token_endpoint_auth_method' => 'client_secret_post'];
$answered = function (Active\Exchange $exchange, int $status, array|string $body): mixed {
    $request = $exchange->step()->request;
    echo "$request->method $request->url ", $request->headers['authorization'][0] ?? '-', " $request->body\n";
    $exchange->receive($status, [], is_string($body) ? $body : json_encode($body));
    $exchange->step();
    return $exchange->result;
};
$registration = $answered(Active\Provider::beginRegister($record, ['redirect_uris' => ['https://app.example/callback']]), 201, $said);
echo "$registration->clientId $registration->clientSecret $registration->clientSecretExpiresAt\n";
var_dump($registration->value() === $said);
$restored = Active\Registration::restore($record, $registration->saved());
var_dump($restored->saved() === $registration->saved());

echo "its client proves itself as it was registered to\n";
echo $restored->client()->beginToken('client_credentials')->step()->request->body, "\n";
$key = Active\Key::generate();
$bound = $restored->client(dpop: $key, dpopRequired: true)->beginToken('client_credentials');
var_dump(isset($bound->step()->request->headers['dpop']));
$bound->receive(200, [], '{"access_token":"a","token_type":"Bearer"}');
fails(fn () => $bound->step(), 'not bound');
// Sessions of the same registration share what is at hand, and others do not.
$session = fn (Active\Client $client) => new Active\Session($client, grant: 'client_credentials');
$exchange = $session($restored->client())->beginToken();
$exchange->step();
$exchange->receive(200, [], '{"access_token":"shared","token_type":"Bearer","expires_in":3600}');
$exchange->step();
$other = Active\Registration::restore($record, json_encode(['client_secret' => 'other'] + $said));
var_dump($session($registration->client())->authorization(), $session($other->client())->authorization(), $session($restored->client(dpop: $key))->authorization());

echo "managed\n";
$changed = $answered($restored->beginUpdate(['client_name' => 'Other']), 200, ['client_secret' => 'new-secret', 'client_secret_expires_at' => 0] + $said);
echo $changed->clientSecret, ' ', json_encode($changed->clientSecretExpiresAt), "\n";
$read = $answered($changed->beginReadAgain(), 200, $said);
echo get_class($read), " $read->clientSecret\n";
var_dump(get_class($answered($read->beginDelete(), 204, '')));

echo "what is wrong\n";
foreach (['another client' => [200, ['client_id' => 'other'] + $said], 'refused' => [401, ['error' => 'invalid_token']], 'garbled' => [200, '[]']] as $what => $answer) {
    fails(fn () => $answered($restored->beginReadAgain(), ...$answer), $what);
}
$unmanaged = Active\Registration::restore($record, '{"client_id":"x"}');
fails(fn () => $unmanaged->readAgain(), 'not managed');
fails(fn () => $unmanaged->update([]), 'not managed');
fails(fn () => $unmanaged->delete(), 'not managed');
fails(fn () => $restored->update(['client_name' => "\xff"]), 'not UTF-8');
fails(fn () => Active\Registration::restore($record, ''), 'empty');
fails(fn () => Active\Registration::restore($record, '{"client_id":7}'), 'no id');
fails(fn () => Active\Registration::restore($record, "{}\0"), 'NUL');
fails(fn () => Active\Registration::restore("\0", $registration->saved()), 'NUL');
fails(fn () => Active\Registration::restore(['name' => "\xff"], $registration->saved()), 'not UTF-8');
fails(fn () => Active\Registration::restore('{"version":1}', $registration->saved())->client()->token('client_credentials'), 'a wrong record');
fails(fn () => new Active\Registration(), 'new');
fails(fn () => serialize($registration), 'serialize');
var_dump($registration, Active\Registration::restore($record, '{"client_id":"x"}'));
--EXPECT--
POST https://login.example/register - {"redirect_uris":["https://app.example/callback"]}
s6BhdRkqt3 made-secret 1577858400000
bool(true)
bool(true)
its client proves itself as it was registered to
grant_type=client_credentials&client_id=s6BhdRkqt3&client_secret=made-secret
bool(true)
not bound: Active\Garbled: the token is bound to no key although a proof of one was sent, so it was discarded (RFC 9449 §5) [HTTP 200, body: {"access_token":"…","token_type":"…"}]
string(13) "Bearer shared"
NULL
NULL
managed
PUT https://login.example/register/s6BhdRkqt3 Bearer manage-token {"client_id":"s6BhdRkqt3","client_name":"Other"}
new-secret null
GET https://login.example/register/s6BhdRkqt3 Bearer manage-token 
Active\Registration made-secret
DELETE https://login.example/register/s6BhdRkqt3 Bearer manage-token 
string(15) "Active\Document"
what is wrong
GET https://login.example/register/s6BhdRkqt3 Bearer manage-token 
another client: Active\Untrusted: registration: the answer is about another client; nothing of it is used
GET https://login.example/register/s6BhdRkqt3 Bearer manage-token 
refused: Active\Refused [invalid_token/invalid_token]: login.example refused the registration's reading: invalid_token [HTTP 401]
GET https://login.example/register/s6BhdRkqt3 Bearer manage-token 
garbled: Active\Garbled: the answer is not a JSON object [HTTP 200, body: []]
not managed: Active\Usage: registration: login.example gave no registration_client_uri, so it cannot be managed (RFC 7592 §3)
not managed: Active\Usage: registration: login.example gave no registration_client_uri, so it cannot be managed (RFC 7592 §3)
not managed: Active\Usage: registration: login.example gave no registration_client_uri, so it cannot be managed (RFC 7592 §3)
not UTF-8: Active\Usage: metadata: cannot be encoded as JSON, is a text in it not UTF-8?
empty: Active\Usage: saved registration: this is none, it must be the text that saved() gave, a JSON object with a client_id
no id: Active\Usage: saved registration: this is none, it must be the text that saved() gave, a JSON object with a client_id
NUL: Active\Usage: saved registration: holds a NUL byte
NUL: Active\Usage: provider record: holds a NUL byte
not UTF-8: Active\Usage: provider record: cannot be encoded as JSON, is a text in it not UTF-8?
a wrong record: Active\Usage: provider record: missing field `name`
new: Error: Call to private Active\Registration::__construct() from global scope
serialize: Exception: Serialization of 'Active\Registration' is not allowed
object(Active\Registration)#3 (3) {
  ["clientId"]=>
  string(10) "s6BhdRkqt3"
  ["clientSecret"]=>
  string(10) "[redacted]"
  ["clientSecretExpiresAt"]=>
  int(1577858400000)
}
object(Active\Registration)#18 (3) {
  ["clientId"]=>
  string(1) "x"
  ["clientSecret"]=>
  NULL
  ["clientSecretExpiresAt"]=>
  NULL
}
