--TEST--
Client::refresh(): rotated, kept, refused, lost
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
foreach (['rotate', 'same', 'omit'] as $reading) {
    foreach (['buildpass', 'honeywell'] as $provider) {
        $sandbox->reading($provider, ['refresh' => $reading]);
        $client = $sandbox->client($provider);
        $old = $sandbox->login($client);
        $saved = null;
        $new = $client->refresh($old, function (Active\Token $token) use (&$saved) { $saved = $token; });
        echo "$provider, $reading: ", $new->refreshToken === $old->refreshToken ? 'the same refresh token' : 'another', ', ',
            $new->accessToken !== $old->accessToken ? 'a new access token' : 'the old one', ', ', $saved?->saved() === $new->saved() ? 'saved' : 'not saved', "\n";
    }
}
$client = $sandbox->client('buildpass');
fails(fn () => $client->refresh($client->token('client_credentials', ['scope' => 'read:builders'])), 'none');
$old = $sandbox->login($client);
$sandbox->revoke('buildpass', refresh: true);
fails(fn () => $client->refresh($old), 'revoked');
$old = $sandbox->login($client);
fails(fn () => $client->refresh($old, fn () => throw new DomainException('disk full')), 'save throws');
$old = $sandbox->login($client);
$sandbox->fault('buildpass', ['kind' => 'reset', 'served' => true], times: 1);
try {
    $client->refresh($old);
} catch (Active\NoAnswer $error) {
    echo json_encode([$error->ambiguous, $error->mayHaveBeenSent, $error->errorCode]), ' ', steady($error->getMessage()), "\n";
}
$plain = $client->token('client_credentials', ['scope' => 'read:builders']);
$saved = null;
$new = $client->refresh($plain, function (Active\Token $token) use (&$saved) { $saved = $token; }, ['client_credentials', ['scope' => 'read:builders']]);
echo 'by the grant: ', json_encode([$plain->refreshToken, $new->accessToken !== $plain->accessToken, $saved->saved() === $new->saved()]), "\n";
echo 'stepped: ', get_class($client->beginRefresh($plain, ['client_credentials', ['scope' => 'read:builders']])->step()), "\n";
fails(fn () => $client->refresh($plain, renewBy: ['no grant' => 1]), 'renewBy');
fails(fn () => $client->refresh($plain, renewBy: ['password', ['username' => null]]), 'renewBy with null');
fails(fn () => $client->refresh(null), 'null');
fails(fn () => $client->beginRefresh($old, fn () => 1), 'beginRefresh has no save');
--EXPECT--
buildpass, rotate: another, a new access token, saved
honeywell, rotate: another, a new access token, saved
buildpass, same: the same refresh token, a new access token, saved
honeywell, same: the same refresh token, a new access token, saved
buildpass, omit: the same refresh token, a new access token, saved
honeywell, omit: the same refresh token, a new access token, saved
none: Active\Expired: renewal: there is no refresh token and no grant to repeat, so log in again
revoked: Active\Refused [invalid_grant/invalid_grant]: buildpass refused the token request: invalid_grant: The refresh token is unknown, expired or revoked [HTTP 400]
save throws: DomainException: disk full
[true,true,"cut"] the token request held something that works once and may be used up; it is not sent again: no answer (cut, the request may have been sent): localhost:PORT ended the connection before its answer was complete
by the grant: [null,true,true]
stepped: Active\Send
renewBy: Active\Usage: renewBy: must be a grant and its parameters: ['password', ['username' => ...]]
renewBy with null: Active\Usage: renewBy: username must be a string or a number, null given
null: TypeError: Active\Client::refresh(): Argument #1 ($token) must be of type Active\Token, null given
beginRefresh has no save: TypeError: Active\Client::beginRefresh(): Argument #2 ($renewBy) must be of type ?array, Closure given
