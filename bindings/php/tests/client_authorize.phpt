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
// RFC 9396 section 2, OpenID Connect Core 1.0 section 5.5.
$details = [['type' => 'payment_initiation', 'actions' => ['initiate'], 'amount' => ['currency' => 'EUR', 'value' => 123]]];
$claims = ['id_token' => ['acr' => ['essential' => true], 'email' => null]];
foreach ([[$details, $claims], [json_encode($details), json_encode($claims)], [[], []]] as [$one, $other]) {
    parse_str(parse_url($client->authorize('https://app.example/cb', ['authorization_details' => $one, 'claims' => $other])->url, PHP_URL_QUERY), $asked);
    echo $asked['authorization_details'], ' ', $asked['claims'], "\n";
}
parse_str($client->replace(body: 'form')->beginToken('client_credentials', ['scope' => 'a', 'authorization_details' => $details])->step()->request->body, $form);
echo $form['authorization_details'], "\n";
fails(fn () => $client->authorize('https://app.example/cb', ['authorization_details' => ['type' => 'payment']]), 'details that are no list');
fails(fn () => $client->authorize('https://app.example/cb', ['authorization_details' => [['actions' => []]]]), 'details without a type');
fails(fn () => $client->authorize('https://app.example/cb', ['claims' => ['id_token' => ["\xff" => 1]]]), 'claims that cannot be JSON');
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
[{"type":"payment_initiation","actions":["initiate"],"amount":{"currency":"EUR","value":123}}] {"id_token":{"acr":{"essential":true},"email":null}}
[{"type":"payment_initiation","actions":["initiate"],"amount":{"currency":"EUR","value":123}}] {"id_token":{"acr":{"essential":true},"email":null}}
[] {}
[{"type":"payment_initiation","actions":["initiate"],"amount":{"currency":"EUR","value":123}}]
details that are no list: Active\Usage: authorization_details: must be a JSON array (RFC 9396 §2)
details without a type: Active\Usage: authorization_details: [0] must be an object with a type (RFC 9396 §2)
claims that cannot be JSON: Active\Usage: claims: cannot be encoded as JSON, is a text in it not UTF-8?
too late: Active\Expired: login: it took too long, begin it again
