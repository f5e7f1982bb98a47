--TEST--
Thousands of signatures, ID tokens, challenges, admissions and hooks leave nothing behind
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

const CALLBACK = 'https://app.example/callback';
$record = ['version' => 1, 'name' => 'login.example', 'issuer' => 'https://login.example', 'base' => 'https://login.example', 'authorize' => ['url' => '/authorize'],
    'token' => ['url' => '/token', 'auth' => 'none'], 'endpoints' => ['jwks' => '/jwks', 'end_session' => '/bye']];
$key = Active\Key::fromPem('ES256', Active\Key::generatePem(), 'key-1');
$jwks = [200, [], json_encode(['keys' => [$key->publicJwk()]])];
$said = ['iss' => 'https://login.example', 'sub' => 'jo', 'aud' => 'id', 'exp' => time() + 600, 'iat' => time()];
$id_token = $key->signJwt($said);
$caught = function (callable $work) {
    try {
        $work();
    } catch (Active\Error $error) {
        $error->getPrevious();
    }
};
$refusal = 'Bearer resource_metadata="https://api.example/meta", error="insufficient_scope", scope="read"';
$answers = ['{"resource":"https://api.example/mcp","authorization_servers":["https://login.example"]}', '{"issuer":"https://login.example","authorization_endpoint":"https://login.example/a",'
    . '"token_endpoint":"https://login.example/t","registration_endpoint":"https://login.example/r","response_types_supported":["code"],"code_challenge_methods_supported":["S256"]}',
    '{"client_id":"made","client_secret":"s"}'];
$round = function () use ($record, $key, $jwks, $id_token, $caught, $refusal, $answers) {
    $told = 0;
    $next = [200, [], '{"access_token":"a","token_type":"Bearer","expires_in":3600,"id_token":"' . $id_token . '"}'];
    $client = new Active\Client($record, 'id', policy: 'oauth_2_1', carry: function (Active\Request $request) use (&$next, $jwks) {
        return str_ends_with($request->url, '/jwks') ? $jwks : $next;
    });
    $token = $client->token('client_credentials');
    $client->idToken($token)->field('/sub');
    $client->endSessionUrl($token->idToken);
    $session = new Active\Session($client, grant: 'client_credentials', onChange: function () use (&$told) { $told++; }, onError: function () use (&$told) { $told++; });
    $session->token();
    $next = [400, [], '{"error":"invalid_client"}'];
    $caught(fn () => (new Active\Session($client, user: 'x', grant: 'client_credentials', onError: fn () => throw new Active\NoAnswer()))->token());
    // A forged answer gives the text back.
    $saved = $client->authorize(CALLBACK, ['scope' => 'read', 'response_mode' => 'jwt'])->saved();
    $caught(function () use ($client, &$saved, $id_token) { $client->callback($saved, CALLBACK . "?response=$id_token"); });
    assert($saved !== null && $told === 1);
    // Keys that live elsewhere, and do not sign.
    $elsewhere = Active\Key::fromSigner('ES256', fn () => throw new Active\NoAnswer());
    $caught(fn () => $elsewhere->signJwt(['a' => 1]));
    $caught(fn () => (new Active\Client($record, 'id', auth: 'private_key_jwt', key: $elsewhere, signedRequests: true))->authorize(CALLBACK));
    $key->signJwt(['a' => 1]);
    // From a 401.
    $wanted = Active\Challenge::stepUp([$refusal, 'Basic realm=a']);
    $client->authorize(CALLBACK, stepUp: $wanted);
    $exchange = (new Active\Access('https://api.example/mcp', register: []))->beginAfter($refusal);
    foreach ($answers as $answer) {
        $exchange->step();
        $exchange->receive(200, [], $answer);
    }
    $exchange->step();
    Active\Registration::restore($exchange->result->record, $exchange->result->registration->saved())->client();
    [$exchange->result->client, $exchange->result->resource, $exchange->result->parameters];
    $loopback = new Active\Loopback();
    $loopback->beginCallback(1.0)->step();
};
$resident = fn () => (int) explode(' ', file_get_contents('/proc/self/statm'))[1];
for ($i = 0; $i < 300; $i++) {
    $round();
}
[$php, $all] = [memory_get_usage(), $resident()];
for ($i = 0; $i < 800; $i++) {
    $round();
}
var_dump(memory_get_usage() - $php < 1024, ($resident() - $all) * 4 < 1024);
--EXPECT--
bool(true)
bool(true)
