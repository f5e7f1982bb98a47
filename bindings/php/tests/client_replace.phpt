--TEST--
Client::replace(): the same client, but for what is given
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
$wrong = $client->replace(secret: 'not its secret');
fails(fn () => $wrong->token('client_credentials', ['scope' => 'read:builders']), 'another secret');
echo $client->token('client_credentials', ['scope' => 'read:builders'])->tokenType, ' ', $wrong->id === $client->id ? $wrong->provider : '', "\n";

// What an API's refusal led to, and whose tokens are to be bound to a key.
$resource = ['resource' => 'https://tools.example/mcp', 'authorization_servers' => ['https://login.example']];
$server = ['issuer' => 'https://login.example', 'authorization_endpoint' => 'https://login.example/authorize', 'token_endpoint' => 'https://login.example/token',
    'response_types_supported' => ['code'], 'code_challenge_methods_supported' => ['S256'], 'client_id_metadata_document_supported' => true];
$exchange = (new Active\Access('https://tools.example/mcp', clientDocument: 'https://app.example/client.json'))->beginAfter();
foreach ([$resource, $server] as $document) {
    $exchange->step();
    $exchange->receive(200, [], json_encode($document));
}
$exchange->step();
$key = Active\Key::generate();
$bound = $exchange->result->client->replace(dpop: $key, dpopRequired: true);
$asking = fn (Active\Client $client) => array_keys($client->beginToken('authorization_code', ['code' => 'x', 'redirect_uri' => 'https://app.example/cb'])->step()->request->headers);
echo json_encode([in_array('dpop', $asking($exchange->result->client)), in_array('dpop', $asking($bound))]), ' ', $bound->id, ' ', $bound->provider, "\n";
echo json_encode(in_array('dpop', $asking($bound->replace(auth: 'none')))), " it stays bound\n";

// Who carries, and for whom.
$carried = [];
$carry = function (Active\Request $request) use (&$carried) {
    $carried[] = $request->url;
    return [200, [], '{"access_token":"a","token_type":"Bearer"}'];
};
$moved = $client->replace(base: 'https://elsewhere.example', carry: $carry);
$moved->token('client_credentials', ['scope' => 'a']);
$moved->replace(secret: 's')->token('client_credentials', ['scope' => 'a']);
$moved->replace(carry: fn () => [500, [], '']) ->replace(carry: $carry)->token('client_credentials', ['scope' => 'a']);
echo json_encode($carried, JSON_UNESCAPED_SLASHES), "\n";
$tenants = new Active\Client(['version' => 1, 'name' => 'a', 'token' => ['url' => 'https://{tenant}.example/t', 'auth' => 'none']], 'id', variables: ['tenant' => 'one']);
foreach ([$tenants, $tenants->replace(variables: ['tenant' => 'two'])] as $tenant) {
    echo $tenant->beginToken('client_credentials')->step()->request->url, "\n";
}

// A session is another one's where its client is: nobody else's token is found under its name.
$sessions = array_map(fn (Active\Client $client) => new Active\Session($client, 'memory:replaced', 'client_credentials', ['scope' => 'read:builders']),
    [$client, $client->replace(), $client->replace(policy: 'oauth_2_1'), $wrong]);
$sessions[0]->token();
echo json_encode(array_map(fn (Active\Session $session) => $session->authorization() !== null, $sessions)), ' ',
    count(array_unique(array_map(fn (Active\Session $session) => $session->key, array_slice($sessions, 0, 2)))), "\n";

fails(fn () => $client->replace(auth: 'digest')->token('client_credentials'), 'auth');
fails(fn () => $client->replace(secret: "a\0"), 'NUL');
fails(fn () => $client->replace(key: new stdClass()), 'key');
fails(fn () => $client->replace(id: 'other'), 'id');
// The one way to a client whose constructor has not come to its end.
$early = new class {
    public function __toString(): string
    {
        $half_made = debug_backtrace()[1]['object'];
        fails(fn () => $half_made->replace(), 'half made');
        return 'one';
    }
};
new Active\Client('buildpass', 'id', secret: 's', variables: ['tenant' => $early]);
--EXPECT--
another secret: Active\Refused [invalid_client/invalid_client]: buildpass refused the token request: invalid_client: Invalid client credentials [HTTP 401]
Bearer buildpass
[false,true] https://app.example/client.json record
true it stays bound
["https://elsewhere.example/oauth/token","https://elsewhere.example/oauth/token","https://elsewhere.example/oauth/token"]
https://one.example/t
https://two.example/t
[true,false,false,false] 1
auth: Active\Usage: auth: must be basic, basic_raw, post, none, client_secret_jwt, private_key_jwt, tls_client_auth or self_signed_tls_client_auth
NUL: Active\Usage: client_secret: holds a NUL byte
key: TypeError: Active\Client::replace(): Argument #9 ($key) must be of type ?Active\Key, stdClass given
id: Error: Unknown named parameter $id
half made: Active\Usage: client: its constructor has not run
