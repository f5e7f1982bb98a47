--TEST--
Client::authorize() refuses what cannot be right
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$client = new Active\Client('buildpass', 'id', secret: 's');
foreach (['/callback', 'http://app.example/cb', 'https://app.example/cb#f', '', "https://app.example/cb\r\n", "https://app.example/cb\0"] as $uri) {
    fails(fn () => $client->authorize($uri), json_encode($uri));
}
fails(fn () => $client->authorize('https://app.example/cb', ['state' => 'mine']), 'state');
fails(fn () => $client->authorize('https://app.example/cb', ['scope' => null]), 'null');
fails(fn () => $client->authorize('https://app.example/cb', lifetime: 0), 'lifetime 0');
fails(fn () => $client->authorize('https://app.example/cb', lifetime: NAN), 'lifetime NAN');
fails(fn () => $client->authorize('https://app.example/cb', lifetime: 1e9), 'lifetime');
fails(fn () => (new Active\Client('activebuilding', 'id', secret: 's'))->authorize('https://app.example/cb'), 'no such endpoint');
fails(fn () => (new Active\Client('nobody', 'id'))->authorize('https://app.example/cb'), 'no such provider');
$login = $client->authorize('https://app.example/cb', lifetime: 5, now: new Active\Now(1000, 1000));
parse_str(parse_url($login->url, PHP_URL_QUERY), $asked);
$exchange = $client->beginCallback($login, "?code=c&state=$asked[state]");
fails(fn () => $exchange->step(new Active\Now(7000, 7000)), 'too late');
--EXPECT--
"\/callback": Active\Usage: redirect_uri: must be absolute: /callback
"http:\/\/app.example\/cb": Active\Usage: redirect_uri: plain http is allowed to loopback only: http://app.example/cb
"https:\/\/app.example\/cb#f": Active\Usage: redirect_uri: must not have a fragment: https://app.example/cb
"": Active\Usage: redirect_uri: must be an absolute URI in visible ASCII: 
"https:\/\/app.example\/cb\r\n": Active\Usage: redirect_uri: must be an absolute URI in visible ASCII: https://app.example/cb��
"https:\/\/app.example\/cb\u0000": Active\Usage: redirect_uri: holds a NUL byte
state: Active\Usage: authorize: state is set by the client itself
null: Active\Usage: parameters: scope must be a string or a number, null given
lifetime 0: Active\Usage: lifetime: must be seconds, from 0.001 to a day
lifetime NAN: Active\Usage: lifetime: must be seconds, from 0.001 to a day
lifetime: Active\Usage: lifetime: must be seconds, from 0.001 to a day
no such endpoint: Active\Usage: authorize: activebuilding has no authorization endpoint
no such provider: Active\Usage: provider: there is no built-in "nobody", only activebuilding, mybuilding, buildpass, honeywell; give any other as a JSON record
too late: Active\Expired: login: it took too long, begin it again
