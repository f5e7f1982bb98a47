--TEST--
In a real php-fpm: connections are reused, tokens are not shared, a new worker opens its own
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_fpm.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

require __DIR__ . '/fpm.inc';

$sandbox = new Sandbox();
$special = $sandbox->line['credentials']['buildpass']['special'];
$fpm = new Fpm(1);
// Each page says who works, whose token it got, and with which of the settings.
$page = fn (string $id, string $secret) => '
try {
    $client = new Active\Client("buildpass", ' . var_export($id, true) . ', secret: ' . var_export($secret, true) . ', base: ' . var_export($sandbox->url('buildpass'), true) . ');
    $token = $client->token("client_credentials", ["scope" => "read:builders"]);
    $claims = json_decode(base64_decode(strtr(explode(".", $token->accessToken)[1], "-_", "+/")), true);
    echo json_encode([getmypid(), $claims["sub"], $claims["jti"], $client->call($token, "GET", "/v1/builders")->status]);
} catch (Active\Error $error) {
    echo json_encode([getmypid(), get_class($error)]);
}';
$roots = 'active.roots=' . $sandbox->line['ca'];
$fpm->page('one', $page('your_client_id', 'your_client_secret'), [$roots]);
$fpm->page('two', $page($special['client_id'], $special['client_secret']), [$roots]);
$fpm->page('distrustful', $page('your_client_id', 'your_client_secret'));
$fpm->page('wrong', $page('your_client_id', 'wrong'), [$roots]);

$workers = $tokens = [];
$ask = function (string $name) use ($fpm, &$workers, &$tokens) {
    $said = json_decode($raw = $fpm->get($name), true) ?? [$raw, ''];
    $workers[] = $said[0];
    if (isset($said[2])) {
        $tokens[] = $said[2];
    }
    return ($said[1] ?? '') . ' ' . ($said[3] ?? '');
};
foreach (['one', 'one', 'two', 'one', 'two'] as $name) {
    echo "$name: ", $ask($name), "\n";
}
echo count(array_unique($workers)), ' worker, ', count(array_unique($tokens)), ' tokens, ', $sandbox->counters('buildpass')['connections'], " connection\n";
// Its connection is open, and still another configuration does not use it.
echo 'distrustful: ', $ask('distrustful'), "\n";
echo 'wrong secret: ', $ask('wrong'), "\n";
echo 'one: ', $ask('one'), "\n";
echo count(array_unique($workers)), ' worker, ', $sandbox->counters('buildpass')['requests'], " requests\n";
$before = $sandbox->counters('buildpass')['connections'];
// The worker dies; php-fpm forks another, which must not use the same connection.
shell_exec("kill -9 $workers[0]");
usleep(300000);
echo 'one: ', $ask('one'), "\n";
echo 'one: ', $ask('one'), "\n";
echo count(array_unique($workers)), ' workers, ', $sandbox->counters('buildpass')['connections'] - $before, " connection more\n";
unset($fpm);
--EXPECT--
one: your_client_id 200
one: your_client_id 200
two: i d+%&="\'/?#ü€😀 200
one: your_client_id 200
two: i d+%&="\'/?#ü€😀 200
1 worker, 5 tokens, 1 connection
distrustful: Active\Untrusted 
wrong secret: Active\Refused 
one: your_client_id 200
1 worker, 13 requests
one: your_client_id 200
one: your_client_id 200
2 workers, 1 connection more
