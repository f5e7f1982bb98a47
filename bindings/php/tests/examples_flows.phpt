--TEST--
The examples of the flows run as they stand, against servers that others wrote
--EXTENSIONS--
active
openssl
--SKIPIF--
<?php require __DIR__ . '/needs_counterparts.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';
require __DIR__ . '/counterpart.inc';

$folder = sys_get_temp_dir() . '/active-flows-' . getmypid();
mkdir($folder, 0700);

/** The example as a stranger starts it, as that client of that server: process and pipes. */
$start = function (string $name, Counterpart $server, string $client, array $environment = [], array $more = []) use ($folder) {
    file_put_contents("$folder/ca.pem", $server->told['ca_pem']);
    $known = $server->told['clients'][$client];
    $environment += ['ISSUER' => $server->told['issuer'], 'CLIENT_ID' => $known['id']] + (isset($known['secret']) ? ['CLIENT_SECRET' => $known['secret']] : []);
    $php = [PHP_BINARY, '-n', '-d', 'extension_dir=' . ini_get('extension_dir'), '-d', 'extension=' . (getenv('ACTIVE_EXTENSION') ?: 'active'),
        '-d', "active.roots=$folder/ca.pem", '-d', "session.save_path=$folder"];
    $process = proc_open([...$php, ...$more, dirname(__DIR__) . "/examples/$name.php"], [['pipe', 'r'], ['pipe', 'w'], ['file', "$folder/log", 'w']], $pipes, null, $environment + getenv());
    return [$process, $pipes];
};
$end = function ($process, array $pipes) use ($folder) {
    fclose($pipes[0]);
    $said = stream_get_contents($pipes[1]);
    fclose($pipes[1]);
    $status = proc_close($process);
    return $said . ($status === 0 ? '' : "status $status " . file_get_contents("$folder/log") . "\n");
};
$run = fn (string $name, ...$more) => "$name: " . $end(...$start($name, ...$more));

$server = new Counterpart('oidc-provider');
[$process, $pipes] = $start('device', $server, 'public');
sscanf(fgets($pipes[1]), 'Open %s and enter %s', $uri, $code);
$server->wish('approve_device', url: "$uri?user_code=$code", user: 'alice');
echo 'device: ', $end($process, $pipes);

echo $run('dpop', $server, 'dpop', ['KEY_FILE' => "$folder/key.pem"]);
$made = file_get_contents("$folder/key.pem");
echo $run('dpop', $server, 'dpop', ['KEY_FILE' => "$folder/key.pem"]);
var_dump(fileperms("$folder/key.pem") & 0777, file_get_contents("$folder/key.pem") === $made);

$key = $server->told['clients']['key-es256']['key'];
file_put_contents("$folder/client.pem", $key['pem']);
echo $run('private_key_jwt', $server, 'key-es256', ['KEY_FILE' => "$folder/client.pem", 'KEY_ID' => $key['kid']]);

$authlib = new Counterpart('authlib');
$subject = $authlib->client('plain')->token('password', ['username' => 'alice', 'password' => $authlib->told['users']['alice'], 'scope' => 'read']);
echo $run('token_exchange', $authlib, 'plain', ['SUBJECT_TOKEN' => $subject->accessToken]);

// A program on a desktop; its browser is a script that keeps the URL, and this test.
mkdir("$folder/bin");
file_put_contents("$folder/bin/xdg-open", "#!/bin/sh\nprintf '%s' \"$1\" > $folder/new && mv $folder/new $folder/opened\n");
chmod("$folder/bin/xdg-open", 0755);
[$process, $pipes] = $start('par_loopback', $server, 'public', ['PATH' => "$folder/bin:" . getenv('PATH')]);
for ($try = 0; !file_exists("$folder/opened") && $try < 500; $try++) {
    usleep(20000);
}
echo file_get_contents($server->signIn(file_get_contents("$folder/opened"))) === false ? '' : 'par_loopback: ', $end($process, $pipes);
unlink("$folder/bin/xdg-open");
rmdir("$folder/bin");

// An API that says who issues its tokens, and nothing else is known of.
$api = proc_open([PHP_BINARY, '-n', __DIR__ . '/api.php', $folder, $server->told['issuer']], [['pipe', 'r'], ['pipe', 'w']], $api_pipes);
$origin = trim(fgets($api_pipes[1]));
$ca = $server->told['ca_pem'] . file_get_contents("$folder/api.pem");
file_put_contents("$folder/all.pem", $ca);
[$process, $pipes] = $start('from_a_401', $server, 'public', ['API' => "$origin/mcp"], ['-d', "active.roots=$folder/all.pem", '-d', "openssl.cafile=$folder/all.pem"]);
echo 'from_a_401: ', preg_replace('~of \S+ for~', 'of ID for', fgets($pipes[1]));
sscanf(fgets($pipes[1]), 'Log in at %s', $url);
parse_str(parse_url($url, PHP_URL_QUERY), $query);
echo $query['scope'], ' for ', str_replace($origin, 'API', $query['resource']), "\n";
fwrite($pipes[0], $server->signIn($url) . "\n");
echo $end($process, $pipes);
array_map('fclose', $api_pipes);
proc_close($api);

// The page, on PHP's own server, and its user's browser.
$probe = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($probe, false);
fclose($probe);
[$page, $pipes] = $start('par', $server, 'public', ['BASE' => "http://$address"], ['-S', $address]);
$cookie = '';
$get = function (string $url) use (&$cookie) {
    $context = stream_context_create(['http' => ['follow_location' => 0, 'ignore_errors' => true, 'header' => $cookie === '' ? [] : ["Cookie: $cookie"], 'timeout' => 20]]);
    for ($try = 0; ($body = @file_get_contents($url, false, $context)) === false && $try < 100; $try++) {
        usleep(100000);
    }
    $headers = [];
    foreach ($http_response_header as $line) {
        [$name, $value] = explode(': ', $line, 2) + [1 => ''];
        $headers[strtolower($name)] = $value;
    }
    $cookie = isset($headers['set-cookie']) ? explode(';', $headers['set-cookie'])[0] : $cookie;
    return [substr($http_response_header[0], 9, 3), $headers['location'] ?? '', $body];
};
$show = function (string $what, array $answer) {
    [$status, $location, $body] = $answer;
    echo "$what: $status $body", $location, "\n";
};
$show('at first', $get("http://$address/"));
$login = $get("http://$address/login");
parse_str(parse_url($login[1], PHP_URL_QUERY), $query);
echo $login[0], ' ', implode(' ', array_keys($query)), "\n";
$back = $server->signIn($login[1]);
$show('a forged callback', $get(preg_replace('~state=[^&]*~', 'state=forged', $back)));
$show('another issuer', $get(preg_replace('~iss=[^&]*~', 'iss=https%3A%2F%2Fattacker.example', $back)));
$show('the callback', $get($back));
$show('logged in', $get("http://$address/"));
$show('the callback again', $get($back));
$login = $get("http://$address/login");
$show('the user says no', $get($server->wish('refuse', url: $login[1])));
proc_terminate($page);
array_map('fclose', $pipes);
array_map('unlink', glob("$folder/*"));
rmdir($folder);
--EXPECT--
device: Hello alice
dpop: DPoP is bound to our key
dpop: DPoP is bound to our key
int(384)
bool(true)
private_key_jwt: A token for https://api.example/opaque
token_exchange: urn:ietf:params:oauth:token-type:access_token with the scope read
par_loopback: Hello alice
from_a_401: Keep the registration of ID for the next start, or there will be another one.
read for API/mcp
and paste the URL that you come back to: HTTP 200
at first: 200 Nobody is logged in: go to /login
302 client_id request_uri
a forged callback: 400 That was no answer to a login of yours.
another issuer: 400 That was no answer to a login of yours.
the callback: 303 /
logged in: 200 Hello alice
the callback again: 403 Please log in again: expired
the user says no: 403 Please log in again: access_denied
