--TEST--
Workers that share a Redis ask for one token at each expiry, and go on when one is killed or Redis is away
--EXTENSIONS--
active
--SKIPIF--
<?php
require __DIR__ . '/needs_fpm.inc';

if (trim((string) shell_exec('command -v redis-server')) === '') {
    die('skip there is no redis-server');
}
?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

require __DIR__ . '/fpm.inc';

require __DIR__ . '/session_workers.inc';

$folder = sys_get_temp_dir() . '/active-redis-' . getmypid();
mkdir($folder, 0700);
$quiet = ['file', "$folder/log", 'w'];
$redis = proc_open(['redis-server', '--port', '0', '--unixsocket', "$folder/socket", '--dir', $folder, '--save', ''], [['file', '/dev/null', 'r'], $quiet, $quiet], $pipes);
for ($try = 0; !file_exists("$folder/socket") && $try < 100; $try++) {
    usleep(50000);
}
$sandbox = new Sandbox();
workers_share($sandbox, "unix:$folder/socket");

// Redis is away: what is at hand goes on being used, and who needs another token is told whose move it is.
$session = fn (string $more = 'fail') => new Active\Session($sandbox->client('buildpass'), "unix:$folder/socket", 'client_credentials',
    ['scope' => 'read:builders'], whenAway: $more);
$token = $session()->token();
proc_terminate($redis);
proc_close($redis);
var_dump($session()->call('GET', '/v1/builders')->status, $session()->token()->accessToken === $token->accessToken);
try {
    $session()->logout();
} catch (Active\StoreError $error) {
    var_dump($error->errorCode, $error->transient);
}
try {
    $session('other')->token();
} catch (Active\Usage $error) {
    echo $error->getMessage(), "\n";
}
var_dump($session('alone')->call('GET', '/v1/builders')->status);
shell_exec('rm -r ' . escapeshellarg($folder));
--EXPECT--
4 workers
first: the same, token requests: 1
then: the same, token requests: 1
dead ten times, token requests: 10
over by the clock: the same, token requests: 1
over by the clock: the same, token requests: 1
one was killed, with a token to go on with: 200, at once
int(200)
bool(true)
string(4) "away"
bool(true)
when_away: must be fail or alone
int(200)
