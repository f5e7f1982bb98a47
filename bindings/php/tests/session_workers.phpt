--TEST--
Workers that share a store of files ask for one token at each expiry, and go on when one is killed
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_fpm.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

require __DIR__ . '/fpm.inc';

require __DIR__ . '/session_workers.inc';

$folder = sys_get_temp_dir() . '/active-store-' . getmypid();
mkdir($folder, 0700);
file_put_contents("$folder.key", str_repeat('5e', 32));
chmod("$folder.key", 0600);
workers_share(new Sandbox(), "file:$folder?key_file=$folder.key", lock_of_the_dead_is_free: true);
shell_exec('rm -r ' . escapeshellarg($folder) . ' ' . escapeshellarg("$folder.key"));
--EXPECT--
4 workers
first: the same, token requests: 1
then: the same, token requests: 1
dead ten times, token requests: 10
one was killed: 200, token requests: 2, at once
over by the clock: the same, token requests: 1
over by the clock: the same, token requests: 1
one was killed, with a token to go on with: 200, at once
