--TEST--
What came by reference may be taken away by a value's own __toString(), and is read to its end all the same
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

/** Runs while it is read. */
final class Reads
{
    public function __construct(private Closure $meanwhile)
    {
    }

    public function __toString(): string
    {
        ($this->meanwhile)();
        return 'read';
    }
}

$record = ['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'token' => ['url' => '/token'], 'api' => ['base' => 'https://api.example']];
$client = new Active\Client($record, 'id', secret: 's');
/** Takes it away, and lets something else have its place. */
$takes = fn (&$what) => new Reads(function () use (&$what) {
    $what = null;
    $GLOBALS['instead'] = array_map(fn ($length) => str_repeat('#', $length), range(8, 400, 8));
});
$by_itself = new Active\Client($record, 'id', secret: 's', carry: fn () => [200, [], '{"access_token":"t","token_type":"Bearer"}']);
$token = $by_itself->token('client_credentials');

echo "a list of values\n";
$list = null;
$list = [$takes($list), str_repeat('b', 20), str_repeat('c', 20)];
echo $client->beginCall($token, 'GET', '/x', query: ['q' => &$list])->step()->request->url, "\n";

echo "a header as a pair\n";
$pair = null;
$pair = [str_repeat('n', 20), $takes($pair)];
echo json_encode($client->beginCall($token, 'GET', '/x', headers: [&$pair])->step()->request->headers[str_repeat('n', 20)]), "\n";

echo "what a carrying callable gives\n";
$body = $headers = null;
$answer = '{"access_token":"' . str_repeat('a', 20) . '","token_type":"Bearer"}';
$carry = function () use (&$headers, &$body, $takes, $answer) {
    $body = str_replace('#', '', $answer);
    $headers = ['a' => $takes($headers), 'b' => $takes($body), 'c' => str_repeat('d', 20)];
    return [200, &$headers, &$body];
};
echo (new Active\Client($record, 'id', secret: 's', carry: $carry))->token('client_credentials')->accessToken, "\n";

echo "another grant\n";
$grant = $parameters = null;
$grant = implode('_', ['client', 'credentials']);
$parameters = ['a' => $takes($parameters), 'b' => $takes($grant), 'scope' => str_repeat('s', 20)];
$call = $client->beginCall($token, 'GET', '/x', renewBy: [&$grant, &$parameters]);
$call->step();
$call->receive(401, ['www-authenticate' => 'Bearer error="invalid_token"'], '');
echo $call->step()->request->body, "\n";
?>
--EXPECT--
a list of values
https://api.example/x?q=read&q=bbbbbbbbbbbbbbbbbbbb&q=cccccccccccccccccccc
a header as a pair
["read"]
what a carrying callable gives
aaaaaaaaaaaaaaaaaaaa
another grant
grant_type=client_credentials&a=read&b=read&scope=ssssssssssssssssssss
