--TEST--
Client::authorize() and callback(): a login in the browser, in two PHP requests
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$scope = ['scope' => 'read:builders', 'audience' => 'https://api.buildpass.global'];
$client = $sandbox->client('buildpass');
$login = $client->authorize('https://app.example/callback', $scope);
parse_str(parse_url($login->url, PHP_URL_QUERY), $asked);
echo implode(' ', array_keys($asked)), " $asked[code_challenge_method]\n";
// The first request ends: what is kept is a text.
$_SESSION['login'] = $login->saved();
$where = $sandbox->browse($login->url);
// The second one.
fails(fn () => $client->callback($_SESSION['login'], 'https://app.example/callback?code=x&state=forged'), 'forged');
echo is_string($_SESSION['login']) ? "the login is still there\n" : "lost\n";
fails(fn () => $sandbox->client('honeywell')->callback($_SESSION['login'], $where), 'another client');
$token = $client->callback($_SESSION['login'], $where);
var_dump($token->scope, $token->refreshToken !== null, $_SESSION['login']);
fails(fn () => $client->callback($_SESSION['login'], $where), 'again');
echo "a Login and a query alone:\n";
$login = $client->authorize('https://app.example/callback', $scope);
$kept = $login;
$token = $client->callback($login, parse_url($sandbox->browse($kept->url), PHP_URL_QUERY));
var_dump($token->scope, $login === $kept, $kept->taken);
fails(fn () => $client->callback($kept, $where), 'taken');
fails(fn () => $kept->saved(), 'saved when taken');
echo "no variable:\n";
$login = $client->authorize('https://app.example/callback', $scope);
echo $client->callback(Active\Login::restore($login->saved()), $sandbox->browse($login->url))->scope, "\n";
echo "a property that cannot be null:\n";
$holder = new class { public Active\Login $login; public string $text; };
$holder->login = $client->authorize('https://app.example/callback', $scope);
echo $client->callback($holder->login, $sandbox->browse($holder->login->url))->scope, "\n";
$login = $client->authorize('https://app.example/callback', $scope);
$holder->text = $login->saved();
echo $client->callback($holder->text, $sandbox->browse($login->url))->scope, "\n";
var_dump($holder->text, $holder->login->taken);
fails(fn () => $client->callback($holder->text, $where), 'again');
$login = $client->authorize('https://app.example/callback', $scope)->saved();
$text = $login;
fails(function () use ($client, &$text) { $client->callback($text, 'state=x&state=y'); }, 'a parameter twice');
var_dump($text === $login);
$login = $client->authorize('https://app.example/callback', $scope);
$sandbox->reading('buildpass', ['consent' => 'deny']);
$where = $sandbox->browse($login->url);
$text = $login->saved();
fails(function () use ($client, &$text, $where) { $client->callback($text, $where); }, 'denied');
var_dump($text);
$sandbox->reading('buildpass', ['consent' => 'allow', 'iss' => 'wrong']);
$login = $client->authorize('https://app.example/callback', $scope);
$where = $sandbox->browse($login->url);
fails(function () use ($client, &$login, $where) { $client->callback($login, $where); }, 'mixed up');
var_dump($login->taken);
fails(fn () => $client->callback(1, $where), 'int');
$text = 'damaged';
fails(function () use ($client, &$text, $where) { $client->callback($text, $where); }, 'damaged');
$text = "NUL\0";
fails(function () use ($client, &$text, $where) { $client->callback($text, $where); }, 'NUL');
fails(function () use ($client, &$login) { $client->callback($login, "?a\0"); }, 'NUL in the URL');
echo "Honeywell: ";
$client = $sandbox->client('honeywell');
echo $sandbox->login($client)->scope, "\n";
--EXPECT--
response_type client_id redirect_uri state code_challenge code_challenge_method audience scope S256
forged: Active\Untrusted: callback: its state is not the one this login was begun with; nothing was sent on
the login is still there
another client: Active\Usage: callback: this login was begun by another client
string(13) "read:builders"
bool(true)
NULL
again: Active\Expired: login: there is none; it was taken already, or never begun in this session
a Login and a query alone:
string(13) "read:builders"
bool(true)
bool(true)
taken: Active\Expired: login: it was taken already, a login works once; begin another
saved when taken: Active\Expired: login: it was taken already, a login works once; begin another
no variable:
read:builders
a property that cannot be null:
read:builders
read:builders
string(0) ""
bool(true)
again: Active\Expired: login: there is none; it was taken already, or never begun in this session
a parameter twice: Active\Untrusted: callback: it holds state more than once; nothing was sent on
bool(true)
denied: Active\Refused [access_denied/access_denied]: buildpass refused the login: access_denied: The person said no
NULL
mixed up: Active\Untrusted: callback: it names an iss, and the provider's record no issuer to compare it with; nothing was sent on
bool(false)
int: TypeError: Active\Client::callback(): Argument #1 ($login) must be of type Active\Login|string|null, int given
damaged: Active\Usage: saved login: damaged …
NUL: Active\Usage: saved login: holds a NUL byte
NUL in the URL: Active\Usage: callback: holds a NUL byte
Honeywell: user
