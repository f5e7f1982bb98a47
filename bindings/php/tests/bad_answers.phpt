--TEST--
Answers that make no sense, each a typed error
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
$answer = function (string $what, array $fault) use ($sandbox, $ask) {
    $sandbox->fault('buildpass', $fault, times: 1);
    fails($ask(), $what);
};
$json = fn (string $body, int $status = 200) => ['kind' => 'status', 'status' => $status, 'headers' => ['Content-Type' => 'application/json'], 'body' => $body];
$answer('HTML', ['kind' => 'status', 'status' => 200, 'headers' => ['Content-Type' => 'text/html'], 'body' => '<html>sentinel</html>']);
$answer('HTML 502', ['kind' => 'status', 'status' => 502, 'headers' => ['Content-Type' => 'text/html'], 'body' => '<html>Bad gateway</html>']);
$answer('truncated JSON', $json('{"access_token":"sentinel","token_ty'));
$answer('cut', ['kind' => 'cut', 'after' => 10]);
$answer('CR LF in the token', $json('{"access_token":"senti\r\nX-Evil: nel","token_type":"Bearer"}'));
$answer('NUL in the token', $json('{"access_token":"senti\u0000nel","token_type":"Bearer"}'));
$answer('invalid UTF-8', ['kind' => 'status', 'status' => 200, 'body_base64' => base64_encode("{\"access_token\":\"\xff\"}")]);
$answer('empty', $json(''));
$answer('no token', $json('{"token_type":"Bearer"}'));
$answer('a list', $json('[1]'));
$answer('no HTTP', ['kind' => 'raw', 'body' => "nonsense\r\n\r\n"]);
$sandbox->reading('buildpass', ['answer' => 'commented']);
fails($ask(), 'the printed example with its comment');
$sandbox->reading('buildpass', ['answer' => 'json']);
try {
    $sandbox->fault('buildpass', $json('{"access_token":"sentinel", oops'), times: 1);
    $ask()();
} catch (Active\Garbled $error) {
    echo 'the body is at hand: ', $error->body(), ' ', $error->status, "\n";
}
foreach ([302, 307] as $status) {
    $before = $sandbox->counters('activebuilding')['connections'];
    $answer((string) $status, ['kind' => 'status', 'status' => $status, 'headers' => ['Location' => $sandbox->url('activebuilding') . '/oauth/token']]);
    echo $sandbox->counters('activebuilding')['connections'] - $before, " connections to where it points\n";
}
--EXPECT--
HTML: Active\Garbled: the answer is not a JSON object [HTTP 200, body: <html>sentinel</html>]
HTML 502: Active\Refused: buildpass refused the token request [HTTP 502]
truncated JSON: Active\Garbled: the answer is not JSON: it ends too early at line 1 column 36 [HTTP 200, body: {"access_token":"…","…"]
cut: Active\NoAnswer [cut]: the token request: no answer (cut, the request may have been sent): localhost:PORT ended the connection before its answer was complete
CR LF in the token: Active\Garbled: access_token holds a character at byte 5 that no token may have [HTTP 200, body: {"access_token":"…","token_type":"…"}]
NUL in the token: Active\Garbled: access_token holds a character at byte 5 that no token may have [HTTP 200, body: {"access_token":"…","token_type":"…"}]
invalid UTF-8: Active\Garbled: the answer is not JSON: unexpected character at line 1 column 18 [HTTP 200, body: {"access_token":"…"}]
empty: Active\Garbled: the answer is empty [HTTP 200, empty body]
no token: Active\Garbled: the answer holds no access_token [HTTP 200, body: {"token_type":"…"}]
a list: Active\Garbled: the answer is not a JSON object [HTTP 200, body: […]]
no HTTP: Active\NoAnswer [protocol]: the token request: no answer (protocol, the request may have been sent): what localhost:PORT answered is not HTTP/1.1
the printed example with its comment: Active\Garbled: the answer is not JSON: unexpected character at line 5 column 19 [HTTP 200, body: { "access_token": "…", "token_type": "…", "…"]
the body is at hand: {"access_token":"sentinel", oops 200
302: Active\Garbled: the token endpoint redirects to https://localhost:PORT/oauth/token, which is never followed; if that is the right address, set it as the endpoint [HTTP 302, empty body]
0 connections to where it points
307: Active\Garbled: the token endpoint redirects to https://localhost:PORT/oauth/token, which is never followed; if that is the right address, set it as the endpoint [HTTP 307, empty body]
0 connections to where it points
