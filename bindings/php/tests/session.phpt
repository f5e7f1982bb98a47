--TEST--
Active\Session: one token for all who make the same session, through its methods
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
$requests = fn () => $sandbox->counters('buildpass')['token_requests'];
$session = fn () => new Active\Session($client, grant: 'client_credentials', parameters: ['scope' => 'read:builders']);

var_dump($session()->authorization());
$token = $session()->token();
var_dump($session()->authorization() === $token->authorization, $session()->token()->accessToken === $token->accessToken);
$reply = $session()->call('GET', '/v1/builders', query: ['page' => 1], headers: ['X-Trace' => 'seven']);
var_dump($reply->status, $reply->token, $reply->renewed, $session()->client === $client);
echo $requests(), " token request\n";

// Dead at the API: renewed once, for all.
$sandbox->revoke('buildpass');
var_dump($session()->call('GET', '/v1/builders')->status, $session()->token()->accessToken !== $token->accessToken, $requests());

// A login in the browser, its refresh token, and a logout.
$mine = new Active\Session($client, user: 'jo');
fails(fn () => $mine->token(), 'before the login');
$login = $sandbox->login($client);
var_dump($mine->login($login), $mine->authorization() === $login->authorization);
$before = $requests();
$sandbox->revoke('buildpass');
var_dump($mine->call('GET', '/v1/builders')->status, $requests() - $before);
var_dump((new Active\Session($client, user: 'ann'))->authorization());
var_dump($mine->logout(), $mine->authorization());
fails(fn () => $mine->call('GET', '/v1/builders'), 'after the logout');

// What the provider refused is not asked again, until somebody says that it was repaired.
$wrong = new Active\Session($sandbox->client('buildpass', secret: 'wrong'), grant: 'client_credentials', parameters: ['scope' => 'read:builders']);
$before = $requests();
fails(fn () => $wrong->token(), 'wrong secret');
fails(fn () => $wrong->token(), 'again');
echo $requests() - $before, " token request\n";
$wrong->forgetRefusals();
fails(fn () => $wrong->token(), 'forgotten');
echo $requests() - $before, " token requests\n";
--EXPECT--
NULL
bool(true)
bool(true)
int(200)
NULL
NULL
bool(true)
1 token request
int(200)
bool(true)
int(2)
before the login: Active\Expired: session of your_client_id at buildpass: there is no token in the store and no grant to get one by; log in
NULL
bool(true)
int(200)
int(1)
NULL
NULL
NULL
after the logout: Active\Expired: session of your_client_id at buildpass: there is no token in the store and no grant to get one by; log in
wrong secret: Active\Refused [invalid_client/invalid_client]: buildpass refused the token request: invalid_client: Invalid client credentials [HTTP 401]
again: Active\Refused [invalid_client/invalid_client]: buildpass refused the token request: invalid_client: Invalid client credentials [HTTP 401]
1 token request
forgotten: Active\Refused [invalid_client/invalid_client]: buildpass refused the token request: invalid_client: Invalid client credentials [HTTP 401]
2 token requests
