--TEST--
The script of the ActiveBuilding guide runs, unchanged but for its endpoint
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$script = str_replace('https://api.activebuilding.com/oauth/access_token', $sandbox->line['endpoints']['activebuilding']['token'],
    file_get_contents(__DIR__ . '/activebuilding_guide.inc'), $changed);
echo $changed, " change\n";
$file = tempnam(sys_get_temp_dir(), 'guide');
file_put_contents($file, $script);
$run = fn (string $file) => shell_exec(implode(' ', array_map('escapeshellarg', [
    PHP_BINARY, '-n', '-d', 'extension_dir=' . ini_get('extension_dir'), '-d', 'extension=' . (getenv('ACTIVE_EXTENSION') ?: 'active'),
    '-d', 'include_path=' . dirname(__DIR__) . '/compat', '-d', 'active.roots=' . $sandbox->line['ca'], '-d', 'zend.exception_ignore_args=0', $file,
])) . ' 2>&1');
echo preg_replace('/[0-9a-f]{40}/', 'TOKEN', $run($file)), "\n";
file_put_contents($file, str_replace("'mypassword'", "'wrong-sentinel'", $script));
$said = $run($file);
echo implode("\n", preg_grep('/OAuth2.Exception Object|message:|wrong-sentinel|d938522c5058468fb8d9e6c0a987319e/', explode("\n", $said))), "\n";
unlink($file);
--EXPECT--
1 change
access_token is TOKEN
<pre>OAuth2\Exception Object
    [message:protected] => localhost refused the token request: authentication_failure (that is invalid_grant): invalid password [HTTP 400]
            [message:protected] => localhost refused the token request: authentication_failure (that is invalid_grant): invalid password [HTTP 400]
