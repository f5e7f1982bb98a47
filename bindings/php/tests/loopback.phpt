--TEST--
Active\Loopback: a login in the browser comes back to a port of this machine (RFC 8252)
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

/** The browser asks for it while the exchange is stepped: the status line, and the page. */
$asks = function (string $url, Active\Exchange $exchange): array {
    $parts = parse_url($url);
    $browser = stream_socket_client("tcp://$parts[host]:$parts[port]", $code, $message, 5);
    stream_set_blocking($browser, false);
    fwrite($browser, 'GET ' . substr($url, strpos($url, '/', 8)) . " HTTP/1.1\r\nHost: $parts[host]:$parts[port]\r\n\r\n");
    $page = '';
    for ($until = hrtime(true) + 10e9; !feof($browser) && hrtime(true) < $until;) {
        $over = $over ?? false;
        if (!$over && !($step = $exchange->step())) {
            $over = true;
        } elseif (!$over) {
            usleep(min($step->milliseconds, 20) * 1000);
        }
        $page .= fread($browser, 4096);
    }
    return [substr($page, 9, 3), $page];
};

$loopback = new Active\Loopback('/back', 'Example <b>');
echo steady($loopback->redirectUri), "\n";
var_dump(str_contains(print_r($loopback, true), $loopback->redirectUri));
$exchange = $loopback->beginCallback(30);
var_dump($exchange->step() instanceof Active\Wait);
[$status] = $asks(str_replace('/back', '/favicon.ico', $loopback->redirectUri), $exchange);
echo "$status\n";
$url = "$loopback->redirectUri?code=c-sentinel&state=s";
[$status, $page] = $asks($url, $exchange);
echo $status, ' ', json_encode([str_contains($page, 'Example &lt;b&gt;'), str_contains($page, 'c-sentinel')]), "\n";
var_dump($exchange->result === $url);
unset($exchange);
var_dump(@stream_socket_client('tcp://127.0.0.1:' . parse_url($loopback->redirectUri, PHP_URL_PORT), $code, $message, 1));
fails(fn () => $loopback->callback(), 'again');

echo "run to its end, while another process is the browser\n";
$loopback = new Active\Loopback();
$get = 'usleep(200000); $s = stream_socket_client("tcp://127.0.0.1:$argv[1]"); fwrite($s, "GET /callback?code=c HTTP/1.1\r\nHost: 127.0.0.1:$argv[1]\r\n\r\n"); stream_get_contents($s);';
$browser = proc_open([PHP_BINARY, '-n', '-r', $get, '--', (string) parse_url($loopback->redirectUri, PHP_URL_PORT)], [], $pipes);
echo steady($loopback->callback(30.0)), "\n";
proc_close($browser);

echo "another state does not end the wait\n";
$loopback = new Active\Loopback();
$login = (new Active\Client('buildpass', 'id', secret: 's'))->authorize($loopback->redirectUri);
$loopback->onlyFor($login);
parse_str(parse_url($login->url, PHP_URL_QUERY), $asked);
unset($login);
$exchange = $loopback->beginCallback(30);
[$status] = $asks("$loopback->redirectUri?code=stolen&state=guessed", $exchange);
var_dump($status, $exchange->result);
[$status] = $asks($url = "$loopback->redirectUri?code=c&state=$asked[state]", $exchange);
var_dump($status, $exchange->result === $url);

echo "nobody comes\n";
echo seconds(fn () => fails(fn () => (new Active\Loopback())->callback(0.2), 'timeout')) < 10 ? "in time\n" : "late\n";
foreach ([0.0, -1.0, NAN, INF, 90000.0] as $timeout) {
    fails(fn () => (new Active\Loopback())->callback($timeout), (string) $timeout);
}

echo "a signal's handler gets through\n";
if (function_exists('pcntl_alarm')) {
    pcntl_async_signals(true);
    pcntl_signal(SIGALRM, fn () => throw new DomainException('enough'));
    pcntl_alarm(1);
    echo seconds(fn () => fails(fn () => (new Active\Loopback())->callback(60))) < 20 ? "in time\n" : "late\n";
} else {
    echo "DomainException: enough\nin time\n";
}

echo "what cannot be right\n";
foreach (['back', '/b ack', '/a?b', '/' . str_repeat('a', 300), '', "/\0"] as $path) {
    fails(fn () => new Active\Loopback($path), json_encode(substr($path, 0, 8)));
}
fails(fn () => new Active\Loopback(app: "\0"), 'NUL');
fails(fn () => $loopback->__construct(), 'made twice');
fails(fn () => clone $loopback, 'clone');
foreach (['file:///etc/passwd', 'javascript:alert(1)', 'http://login.example/authorize', 'https://login.example/ x', ''] as $url) {
    var_dump(Active\Loopback::openBrowser($url));
}
fails(fn () => Active\Loopback::openBrowser("https://login.example/\0"), 'NUL');

echo "the user's browser\n";
$folder = sys_get_temp_dir() . '/active-browser-' . getmypid();
mkdir($folder);
$open = [PHP_BINARY, '-n', '-d', 'extension_dir=' . ini_get('extension_dir'), '-d', 'extension=' . (getenv('ACTIVE_EXTENSION') ?: 'active'), '-r',
    'var_dump(Active\Loopback::openBrowser("https://login.example/authorize?state=s"));'];
$opened = function () use ($open, $folder) {
    $process = proc_open($open, [1 => ['pipe', 'w']], $pipes, null, ['PATH' => $folder, 'USE_ZEND_ALLOC' => '1']);
    echo stream_get_contents($pipes[1]);
    proc_close($process);
};
$opened();
file_put_contents("$folder/xdg-open", "#!/bin/sh\nprintf '[%s]' \"\$@\" > $folder/new && /bin/mv $folder/new $folder/seen\n");
chmod("$folder/xdg-open", 0755);
$opened();
for ($try = 0; !file_exists("$folder/seen") && $try < 500; $try++) {
    usleep(20000);
}
echo file_get_contents("$folder/seen"), "\n";
array_map('unlink', glob("$folder/*"));
rmdir($folder);
--EXPECT--
http://127.0.0.1:PORT/back
bool(true)
bool(true)
404
200 [true,false]
bool(true)
bool(false)
again: Active\Usage: loopback: it was waited on already, and belongs to one login; make another for the next
run to its end, while another process is the browser
http://127.0.0.1:PORT/callback?code=c
another state does not end the wait
string(3) "404"
NULL
string(3) "200"
bool(true)
nobody comes
timeout: Active\Expired: loopback: nobody came back from the browser within 200 ms; begin another login
in time
0: Active\Usage: timeout: must be seconds, from 0.001 to a day
-1: Active\Usage: timeout: must be seconds, from 0.001 to a day
NAN: Active\Usage: timeout: must be seconds, from 0.001 to a day
INF: Active\Usage: timeout: must be seconds, from 0.001 to a day
90000: Active\Usage: timeout: must be seconds, from 0.001 to a day
a signal's handler gets through
DomainException: enough
in time
what cannot be right
"back": Active\Usage: loopback: the path must begin with a slash and hold nothing but letters, digits and -._~/
"\/b ack": Active\Usage: loopback: the path must begin with a slash and hold nothing but letters, digits and -._~/
"\/a?b": Active\Usage: loopback: the path must begin with a slash and hold nothing but letters, digits and -._~/
"\/aaaaaaa": Active\Usage: loopback: the path must begin with a slash and hold nothing but letters, digits and -._~/
"": Active\Usage: loopback: the path must begin with a slash and hold nothing but letters, digits and -._~/
"\/\u0000": Active\Usage: path: holds a NUL byte
NUL: Active\Usage: app: holds a NUL byte
made twice: Error: Active\Loopback is made already
clone: Error: Trying to clone an uncloneable object of class Active\Loopback
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
NUL: Active\Usage: url: holds a NUL byte
the user's browser
bool(false)
bool(true)
[https://login.example/authorize?state=s]
