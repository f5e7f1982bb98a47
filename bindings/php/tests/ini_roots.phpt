--TEST--
active.roots and active.proxy say what clients without an agent use
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$script = '$c = new Active\Client("buildpass", "your_client_id", secret: "your_client_secret", base: $argv[1]);
    try { echo $c->token("client_credentials", ["scope" => "read:builders"])->scope, "\n"; }
    catch (Active\Error $e) { echo get_class($e), ": ", $e->getMessage(), "\n"; }';
$php = fn (array $settings, ?string $base = null) => steady(shell_exec(implode(' ', array_map('escapeshellarg', [
    PHP_BINARY, '-n', '-d', 'extension_dir=' . ini_get('extension_dir'), '-d', 'extension=' . (getenv('ACTIVE_EXTENSION') ?: 'active'),
    ...array_merge(...array_map(fn ($setting) => ['-d', $setting], $settings)), '-r', $script, '--', $base ?? $sandbox->url('buildpass'),
]))));
echo 'a PEM file: ', $php(['active.roots=' . $sandbox->line['ca']]);
echo 'the default: ', $php([]);
putenv('SSL_CERT_FILE=' . $sandbox->line['ca']);
echo "the system's: ", $php(['active.roots=system']);
echo 'empty: ', strlen($php(['active.roots='])) > 100 ? "as the default\n" : "other\n";
echo 'no file: ', substr($php(['active.roots=/no/such.pem', 'display_errors=1', 'html_errors=0']), 1, 145), "\n";
echo 'a proxy: ', $php(['active.roots=' . $sandbox->line['ca'], 'active.proxy=http://user:sentinel@127.0.0.1:1'], 'https://api.example');
echo 'ini_set: ', var_export(@ini_set('active.roots', 'system'), true), "\n";
--EXPECT--
a PEM file: read:builders
the default: Active\Untrusted: the server's certificate was not accepted, nothing was sent: the certificate of localhost:PORT comes from an authority that is not trusted: if it is a private one, give its certificate as PEM to the roots; if it is in this machine's list, use the system's roots
the system's: read:builders
empty: as the default
no file: Fatal error: Uncaught Active\Usage: active.roots: /no/such.pem is neither bundled, system, a PEM text nor a file that can be read in Command line
a proxy: Active\NoAnswer: the token request: no answer (proxy, nothing was sent): no connection through the proxy: connection refused, nothing listens there
ini_set: false
