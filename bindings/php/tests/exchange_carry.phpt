--TEST--
Exchange::carry() and run() by the agent
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$exchange = $sandbox->client('buildpass')->beginToken('client_credentials', ['scope' => 'read:swms']);
while ($step = $exchange->step()) {
    echo get_class($step), "\n";
    $exchange->carry();
}
echo $exchange->token->scope, "\n";
echo $sandbox->client('buildpass')->beginToken('client_credentials', ['scope' => 'read:swms'])->run()->scope, "\n";
$client = $sandbox->client('buildpass');
$token = $sandbox->login($client);
$sandbox->revoke('buildpass');
$exchange = $client->beginCall($token, 'GET', '/v1/builders');
$reply = $exchange->run(fn (Active\Token $token) => print("saved\n"));
var_dump($reply->status, $exchange->reply === $reply, $exchange->token->saved() === $reply->renewed->saved());
$exchange = $client->beginRefresh($token);
fails(fn () => $exchange->run(fn () => throw new DomainException('disk full')), 'refresh of a used token');
$token = $sandbox->login($client);
$exchange = $client->beginRefresh($token);
fails(fn () => $exchange->run(fn () => throw new DomainException('disk full')), 'save throws');
// Nothing is lost: the exchange has the token.
var_dump($exchange->token->refreshToken !== $token->refreshToken);
--EXPECT--
Active\Send
read:swms
read:swms
saved
int(200)
bool(true)
bool(true)
refresh of a used token: Active\Refused [invalid_grant/invalid_grant]: buildpass refused the token request: invalid_grant: The refresh token is unknown, expired or revoked [HTTP 400]
save throws: DomainException: disk full
bool(true)
