--TEST--
Several workers at once, and a fork inside a worker
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
$fpm = new Fpm(3, ['active.roots=' . $sandbox->line['ca']]);
$client = fn (Sandbox $sandbox) => '$client = new Active\Client("buildpass", "your_client_id", secret: "your_client_secret", base: "' . $sandbox->url('buildpass') . '");
$ask = fn () => $client->token("client_credentials", ["scope" => "read:builders"])->scope;
';
$fpm->page('slow', $client($sandbox) . 'echo $ask(); usleep(300000); echo " ", $ask(), " ", getmypid();');
// Three at the same time: this process asks one, two more processes the others.
$others = [];
for ($i = 0; $i < 2; $i++) {
    $others[] = popen(implode(' ', array_map('escapeshellarg', ['env', '-i', 'PATH=' . getenv('PATH'), "SCRIPT_FILENAME=$fpm->folder/site/slow/index.php",
        'REQUEST_METHOD=GET', 'cgi-fcgi', '-bind', '-connect', "$fpm->folder/socket"])), 'r');
}
$said = [$fpm->get('slow')];
foreach ($others as $other) {
    $said[] = explode("\r\n\r\n", stream_get_contents($other), 2)[1];
    pclose($other);
}
$workers = array_map(fn ($text) => explode(' ', $text)[2] ?? $text, $said);
echo implode("\n", array_map(fn ($text) => preg_replace('/\d+$/', 'PID', $text), $said)), "\n";
echo count(array_unique($workers)), ' workers, ', $sandbox->counters('buildpass')['connections'], " connections\n";
unset($fpm);

// The master itself used a connection before it forked its workers: a preloaded script did.
$sandbox = new Sandbox();
$preload = tempnam(sys_get_temp_dir(), 'preload');
file_put_contents($preload, '<?php ' . $client($sandbox) . '$ask();');
chmod($preload, 0644);
$fpm = new Fpm(2, ['active.roots=' . $sandbox->line['ca'], 'zend_extension=opcache', 'opcache.enable=1', "opcache.preload=$preload", 'opcache.preload_user=root']);
echo $sandbox->counters('buildpass')['connections'], " connection of the master\n";
$fpm->page('after', $client($sandbox) . 'echo $ask(), " ", $ask(), "\n";');
echo $fpm->get('after'), $fpm->get('after');
echo $sandbox->counters('buildpass')['connections'] > 1 ? "more of the workers\n" : "shared\n";
unset($fpm, $sandbox);
unlink($preload);
--EXPECT--
read:builders read:builders PID
read:builders read:builders PID
read:builders read:builders PID
3 workers, 3 connections
1 connection of the master
read:builders read:builders
read:builders read:builders
more of the workers
