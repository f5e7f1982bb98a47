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
    try {
        $ask()();
        echo "$what: did not fail\n";
    } catch (Active\Error $error) {
        // What the library's words are for each is the dialogues' affair.
        $shows = str_contains($error->getMessage(), 'senti') ? ', and shows the token' : '';
        echo "$what: ", get_class($error), ' ', $error->errorCode ?? "HTTP $error->status", "$shows\n";
    }
};
$json = fn (string $body, int $status = 200) => ['kind' => 'status', 'status' => $status, 'headers' => ['Content-Type' => 'application/json'], 'body' => $body];
$answer('HTML', ['kind' => 'status', 'status' => 200, 'headers' => ['Content-Type' => 'text/html'], 'body' => '<html>Welcome</html>']);
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
HTML: Active\Garbled HTTP 200
HTML 502: Active\Refused HTTP 502
truncated JSON: Active\Garbled HTTP 200
cut: Active\NoAnswer cut
CR LF in the token: Active\Garbled HTTP 200
NUL in the token: Active\Garbled HTTP 200
invalid UTF-8: Active\Garbled HTTP 200
empty: Active\Garbled HTTP 200
no token: Active\Garbled HTTP 200
a list: Active\Garbled HTTP 200
no HTTP: Active\NoAnswer protocol
the printed example with its comment: Active\Garbled: the answer is not JSON … [HTTP 200, body: { "access_token": "…", "token_type": "…", "…"]
the body is at hand: {"access_token":"sentinel", oops 200
302: Active\Garbled HTTP 302
0 connections to where it points
307: Active\Garbled HTTP 307
0 connections to where it points
