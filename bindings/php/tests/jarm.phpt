--TEST--
Signed answers of the authorization endpoint (JARM): a forged one takes no login, and the stored text comes back
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

const CALLBACK = 'https://app.example/callback';
$record = ['version' => 1, 'name' => 'login.example', 'issuer' => 'https://login.example', 'base' => 'https://login.example', 'authorize' => ['url' => '/authorize'],
    'token' => ['url' => '/token', 'auth' => 'none'], 'endpoints' => ['jwks' => '/jwks']];
$key = Active\Key::fromPem('ES256', Active\Key::generatePem(), 'key-1');
$stranger = Active\Key::fromPem('ES256', Active\Key::generatePem(), 'key-1');
$codes = 0;
$client = new Active\Client($record, 'id', carry: function (Active\Request $request) use ($key, &$codes) {
    if (str_ends_with($request->url, '/jwks')) {
        return [200, [], json_encode(['keys' => [$key->publicJwk()]])];
    }
    $codes++;
    return [200, [], '{"access_token":"a","token_type":"Bearer"}'];
});
$begin = function (string $mode = 'jwt') use ($client): array {
    $login = $client->authorize(CALLBACK, ['scope' => 'read', 'response_mode' => $mode]);
    parse_str(parse_url($login->url, PHP_URL_QUERY), $query);
    return [$login->saved(), $query];
};
$answer = fn (array $query, Active\Key $by, array $more = []) => CALLBACK . '?response=' . $by->signJwt(array_filter($more + ['iss' => 'https://login.example', 'aud' => 'id', 'exp' => time() + 600, 'code' => 'c', 'state' => $query['state']], fn ($value) => $value !== null));

[$saved, $query] = $begin();
echo $query['response_mode'], "\n";
$kept = $saved;
$forged = ['another key' => $answer($query, $stranger), 'another issuer' => $answer($query, $key, ['iss' => 'https://evil.example']), 'another client' => $answer($query, $key, ['aud' => 'other']),
    'another state' => $answer(['state' => 'forged'], $key), 'expired' => $answer($query, $key, ['exp' => time() - 3600]), 'not signed' => CALLBACK . "?code=c&state=$query[state]",
    'no JWT' => CALLBACK . '?response=x'];
foreach ($forged as $what => $url) {
    fails(function () use ($client, &$saved, $url) { $client->callback($saved, $url); }, $what);
    var_dump($saved === $kept);
}
echo "$codes codes were sent\n";
echo $client->callback($saved, $answer($query, $key))->accessToken, ' ', json_encode($saved), " $codes\n";
fails(function () use ($client, &$saved, $query, $answer, $key) { $client->callback($saved, $answer($query, $key)); }, 'again');

echo "a refusal is signed, too, and the login is over\n";
[$saved, $query] = $begin();
fails(function () use ($client, &$saved, $query, $answer, $key) { $client->callback($saved, $answer($query, $key, ['error' => 'access_denied', 'code' => null])); }, 'no');
var_dump($saved);

echo "step by step, in a typed property, and by an object\n";
final class Page
{
    public string $login = '';
}
$page = new Page();
[$page->login, $query] = $begin();
$exchange = $client->beginCallback($page->login, $answer($query, $stranger));
var_dump($page->login);
fails(function () use ($exchange) { while ($exchange->step()) { $exchange->carry(); } }, 'forged');
var_dump(Active\Login::restore($page->login)->taken);
$exchange = $client->beginCallback($page->login, $answer($query, $key));
while ($exchange->step()) {
    $exchange->carry();
}
var_dump($exchange->token->accessToken, $page->login);
$login = $client->authorize(CALLBACK, ['scope' => 'read', 'response_mode' => 'fragment.jwt']);
parse_str(parse_url($login->url, PHP_URL_QUERY), $query);
fails(fn () => $client->callback($login, str_replace('?', '#', $answer($query, $stranger))), 'forged');
var_dump($login->taken, $client->callback($login, str_replace('?', '#', $answer($query, $key)))->accessToken, $login->taken);
unset($exchange, $page);
gc_collect_cycles();
--EXPECT--
jwt
another key: Active\Untrusted: callback: none of the server's keys fits its signature; nothing of it is used
bool(true)
another issuer: Active\Untrusted: callback: its iss is not the issuer it was asked of; nothing of it is used
bool(true)
another client: Active\Untrusted: callback: its aud does not name whom it should be for; nothing of it is used
bool(true)
another state: Active\Untrusted: callback: its state is not the one this login was begun with; nothing was sent on
bool(true)
expired: Active\Untrusted: callback: it has expired; if it is new, compare the clocks; nothing of it is used
bool(true)
not signed: Active\Untrusted: callback: it holds no signed response, which this login was begun with; nothing of it is used
bool(true)
no JWT: Active\Untrusted: callback: it is no JWS in compact form; nothing of it is used
bool(true)
0 codes were sent
a null 1
again: Active\Expired: login: there is none; it was taken already, or never begun in this session
a refusal is signed, too, and the login is over
no: Active\Refused [access_denied/access_denied]: login.example refused the login: access_denied
NULL
step by step, in a typed property, and by an object
string(0) ""
forged: Active\Untrusted: callback: none of the server's keys fits its signature; nothing of it is used
bool(false)
string(1) "a"
string(0) ""
forged: Active\Untrusted: callback: none of the server's keys fits its signature; nothing of it is used
bool(false)
string(1) "a"
bool(true)
