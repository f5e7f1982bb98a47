--TEST--
The examples run
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$sandbox->order('POST', '/client', ['provider' => 'buildpass', 'client_id' => 'id', 'client_secret' => 'secret']);
$php = [PHP_BINARY, '-n', '-d', 'extension_dir=' . ini_get('extension_dir'), '-d', 'extension=' . (getenv('ACTIVE_EXTENSION') ?: 'active'),
    '-d', 'active.roots=' . $sandbox->line['ca']];
$example = file_get_contents(dirname(__DIR__) . '/examples/four_lines.php');
$lines = str_replace("secret: 'secret')", "secret: 'secret', base: '{$sandbox->url('buildpass')}')", $example, $changed);
echo $changed, " change\n", shell_exec(implode(' ', array_map('escapeshellarg', [...$php, '-r', substr($lines, 5)])));
[, $snippet] = explode("*/\n\n", $example);
var_dump(str_contains(file_get_contents(dirname(__DIR__) . '/README.md'), trim($snippet)));

// The login page, on PHP's own server.
$probe = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($probe, false);
fclose($probe);
$sessions = sys_get_temp_dir() . '/active-' . getmypid();
mkdir($sessions);
$environment = ['CLIENT_ID' => '123abc', 'CLIENT_SECRET' => '456def', 'BASE' => $sandbox->url('honeywell')] + getenv();
$server = proc_open([...$php, '-d', "session.save_path=$sessions", '-d', 'session.use_strict_mode=1', '-S', $address, dirname(__DIR__) . '/examples/login.php'],
    [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']], $pipes, null, $environment);
$cookie = '';
$get = function (string $path) use ($address, &$cookie) {
    $context = stream_context_create(['http' => ['follow_location' => 0, 'ignore_errors' => true, 'header' => $cookie === '' ? [] : ["Cookie: $cookie"], 'timeout' => 20]]);
    for ($try = 0; ($body = @file_get_contents("http://$address$path", false, $context)) === false && $try < 50; $try++) {
        usleep(100000);
    }
    $headers = [];
    foreach ($http_response_header as $line) {
        [$name, $value] = explode(': ', $line, 2) + [1 => ''];
        $headers[strtolower($name)] = $value;
    }
    $cookie = isset($headers['set-cookie']) ? explode(';', $headers['set-cookie'])[0] : $cookie;
    return [substr($http_response_header[0], 9, 3), $headers['location'] ?? null, $body];
};
[$status, $location] = $get('/');
echo $status, ' ', steady(explode('?', $location)[0]), "\n";
$back = parse_url($sandbox->browse($location));
foreach (["$back[path]?code=x&state=forged", "$back[path]?$back[query]", '/', "$back[path]?$back[query]"] as $path) {
    [$status, , $body] = $get($path);
    echo $status, ' ', trim($body), "\n";
}
proc_terminate($server);
array_map('unlink', glob("$sessions/*"));
rmdir($sessions);
--EXPECT--
1 change
Array
(
    [data] => Array
        (
            [0] => Array
                (
                    [abn] => 51824753556
                    [id] => bld_1
                    [name] => Riverside Constructions
                )

            [1] => Array
                (
                    [abn] => 53004085616
                    [id] => bld_2
                    [name] => Hartmann & Söhne
                )

        )

)
bool(true)
302 https://localhost:PORT/oauth2/authorize
502 callback: its state is not the one this login was begun with; nothing was sent on
200 HTTP 200
200 HTTP 200
200 Please log in again.
