--TEST--
A session's store of files obeys open_basedir
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$within = sys_get_temp_dir() . '/active-store-' . getmypid();
mkdir($within, 0700);
$key = str_repeat('5e', 32);
file_put_contents("$within/key", $key);
chmod("$within/key", 0600);
// From here a path that is taken for a relative one would be within.
chdir($within);
$client = new Active\Client('buildpass', 'id', secret: 's');
ini_set('open_basedir', __DIR__ . ":$within");
$refused = [
    'file:/etc?danger_unencrypted=yes', 'file:///etc?danger_unencrypted=yes', 'file:/%65tc?danger_unencrypted=yes', "file:$within/../x?key=$key",
    "file:$within/%2e%2e/x?key=$key", "file:$within?key_file=/etc/passwd", "file:$within?&key_file=/etc/pass%77d",
    "file:$within/key_file=$within?key_file=/etc/passwd", 'unix:/run/redis.sock', 'unix:///run/redis.sock',
    'rediss://127.0.0.1:1?prefix=a&ca_file=/etc/passwd', "rediss://127.0.0.1:1?ca_file=$within/key&key_file=/etc/shadow&prefix=a",
    'rediss://127.0.0.1:1?ca%5Ffile=/etc/passwd', 'rediss://127.0.0.1:1?ca_fil%65=/etc/passwd', 'rediss://127.0.0.1:1?ca_file=/etc/a+b',
    'unix://:word@/run/redis.sock', "unix://user:word@/run/redis.sock?db=1", "unix://:word@$within/../redis.sock",
];
foreach ($refused as $store) {
    fails(fn () => new Active\Session($client, $store), str_replace([$within, $key], ['WITHIN', 'KEY'], $store));
}
foreach (["file:$within?key=$key", "file:$within?key_file=$within/key", "file:$within/new?key=$key", "unix:$within/socket", "unix://:word@$within/socket", 'redis://127.0.0.1:1', 'memory:', 'keyring:'] as $store) {
    $session = new Active\Session($client, $store);
    echo str_replace([$within, $key], ['WITHIN', 'KEY'], $store), ': ', get_class($session), "\n";
}
ini_set('open_basedir', '');
unset($session);
shell_exec('rm -r ' . escapeshellarg($within));
--EXPECT--
file:/etc?danger_unencrypted=yes: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
file:///etc?danger_unencrypted=yes: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
file:/%65tc?danger_unencrypted=yes: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
file:WITHIN/../x?key=KEY: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
file:WITHIN/%2e%2e/x?key=KEY: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
file:WITHIN?key_file=/etc/passwd: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
file:WITHIN?&key_file=/etc/pass%77d: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
file:WITHIN/key_file=WITHIN?key_file=/etc/passwd: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
unix:/run/redis.sock: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
unix:///run/redis.sock: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
rediss://127.0.0.1:1?prefix=a&ca_file=/etc/passwd: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
rediss://127.0.0.1:1?ca_file=WITHIN/key&key_file=/etc/shadow&prefix=a: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
rediss://127.0.0.1:1?ca%5Ffile=/etc/passwd: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
rediss://127.0.0.1:1?ca_fil%65=/etc/passwd: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
rediss://127.0.0.1:1?ca_file=/etc/a+b: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
unix://:word@/run/redis.sock: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
unix://user:word@/run/redis.sock?db=1: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
unix://:word@WITHIN/../redis.sock: Active\Usage: store: open_basedir is in effect, and the store's directory, socket or one of its files is not within it
file:WITHIN?key=KEY: Active\Session
file:WITHIN?key_file=WITHIN/key: Active\Session
file:WITHIN/new?key=KEY: Active\Session
unix:WITHIN/socket: Active\Session
unix://:word@WITHIN/socket: Active\Session
redis://127.0.0.1:1: Active\Session
memory:: Active\Session
keyring:: Active\Session
