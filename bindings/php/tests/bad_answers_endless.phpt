--TEST--
An endless answer ends at the limit, in time and memory
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$ask = fn (...$agent) => fn () => $sandbox->client('buildpass', agent: $sandbox->agent(...$agent))->token('client_credentials', ['scope' => 'read:builders']);
$ask()();
$peak = fn () => (int) preg_replace('/.*VmHWM:\s+(\d+).*/s', '$1', file_get_contents('/proc/self/status'));
$before = $peak();
foreach ([false, true] as $gzip) {
    $sandbox->fault('buildpass', ['kind' => 'endless', 'gzip' => $gzip], times: 1);
    fails($ask(), $gzip ? '200 MB as gzip' : '200 MB');
}
$more = $peak() - $before;
echo $more < 16 * 1024 ? "less than 16 MiB more\n" : "$more KiB more\n";
$sandbox->fault('buildpass', ['kind' => 'status', 'status' => 200, 'body' => str_repeat(' ', 2000)], times: 1);
fails($ask(maxBody: 1000), 'maxBody');
--EXPECT--
200 MB: Active\NoAnswer [too_large]: the token request: no answer (too_large, the request may have been sent): the answer is larger than 1048576 bytes
200 MB as gzip: Active\NoAnswer [too_large]: the token request: no answer (too_large, the request may have been sent): the answer is larger than 1048576 bytes
less than 16 MiB more
maxBody: Active\NoAnswer [too_large]: the token request: no answer (too_large, the request may have been sent): the answer is larger than 1000 bytes
