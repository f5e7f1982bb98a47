--TEST--
A forked child opens connections of its own
--EXTENSIONS--
active
pcntl
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$client = $sandbox->client('buildpass');
$ask = fn () => $client->token('client_credentials', ['scope' => 'read:builders'])->scope;
echo $ask(), ' ', $sandbox->counters('buildpass')['connections'], "\n";
$child = pcntl_fork();
if ($child === 0) {
    $good = $ask() . $ask() === 'read:buildersread:builders';
    // Ends without PHP's own end: the sandbox is the parent's.
    pcntl_exec('/bin/sh', ['-c', $good ? 'exit 7' : 'exit 1']);
}
pcntl_waitpid($child, $status);
var_dump(pcntl_wexitstatus($status));
echo $ask(), $ask(), ' ', $sandbox->counters('buildpass')['connections'], "\n";
--EXPECT--
read:builders 1
int(7)
read:buildersread:builders 2
