--TEST--
Ten thousand exchanges leave nothing behind
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$round = function () {
    $client = new Active\Client('buildpass', 'id', secret: 's');
    $exchange = $client->beginToken('client_credentials', ['scope' => 'a']);
    $exchange->step();
    $exchange->receive(200, ['A' => ['b', 'c']], '{"access_token":"t","token_type":"Bearer","user":{"userId":1}}');
    $exchange->step();
    $token = Active\Token::restore($exchange->token->saved());
    $exchange = $client->beginCall($token, 'GET', '/x', query: ['a' => ['1', '2']], json: ['b' => 1]);
    $exchange->step();
    $exchange->receive(500, [], 'x');
    $exchange->step();
    [$exchange->reply->headers, $exchange->reply->body, $token->user];
    try {
        $exchange->reply->json();
    } catch (Active\Garbled $error) {
        $error->body();
    }
    try {
        $client->beginToken('client_credentials', ['scope' => null]);
    } catch (Active\Usage) {
    }
    $login = $client->authorize('https://app.example/cb');
    $text = $login->saved();
    try {
        $client->callback($text, '?state=x');
    } catch (Active\Untrusted) {
    }
};
$resident = fn () => (int) explode(' ', file_get_contents('/proc/self/statm'))[1];
for ($i = 0; $i < 1000; $i++) {
    $round();
}
[$php, $all] = [memory_get_usage(), $resident()];
for ($i = 0; $i < 10000; $i++) {
    $round();
}
var_dump(memory_get_usage() - $php < 1024, ($resident() - $all) * 4 < 1024);
--EXPECT--
bool(true)
bool(true)
