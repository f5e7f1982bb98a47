--TEST--
A callable of the program carries the requests
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$http = function (Active\Request $request) use ($sandbox): array {
    $headers = [];
    foreach ($request->headers as $name => $values) {
        foreach ($values as $value) {
            $headers[] = "$name: $value";
        }
    }
    $context = stream_context_create([
        'http' => ['method' => $request->method, 'header' => $headers, 'content' => $request->body, 'ignore_errors' => true, 'follow_location' => 0, 'timeout' => 10],
        'ssl' => ['cafile' => $sandbox->line['ca']],
    ]);
    $body = file_get_contents($request->url, false, $context);
    preg_match('/ (\d{3}) /', $http_response_header[0], $status);
    return [(int) $status[1], $http_response_header, $body];
};
$client = $sandbox->client('activebuilding', carry: $http);
$token = $client->token('password', $sandbox->staff());
echo $token->user->fullname, "\n";
$sandbox->revoke('activebuilding');
$reply = $client->call($token, 'GET', '/communities', renewBy: ['password', $sandbox->staff()], save: fn () => print("saved\n"));
echo $reply->status, ' ', $reply->header('content-type'), "\n";
$exchange = $client->beginCall($reply->token, 'GET', '/communities');
echo $exchange->run()->status, "\n";
$exchange = $client->beginToken('password', $sandbox->staff());
fails(fn () => $exchange->carry(), 'carry before a step');
$exchange->step();
$exchange->carry();
var_dump($exchange->step(), $exchange->token->user->userType);
fails(fn () => $sandbox->client('activebuilding', secret: 'wrong', carry: $http)->token('password', $sandbox->staff()), 'refused');

echo "wrong results\n";
$ask = fn (callable $carry) => fn () => $sandbox->client('activebuilding', carry: $carry)->token('password', $sandbox->staff());
fails($ask(fn () => null), 'null');
fails($ask(fn () => [200, []]), 'two parts');
fails($ask(fn () => ['200', [], '']), 'a status as text');
fails($ask(fn () => [200, ["a\0" => 'b'], '']), 'NUL');
fails($ask(fn () => [999999, [], '']), 'no status');
fails($ask(fn () => [200, [], '']), 'empty');
fails($ask(fn (int $wrong) => [200, [], '']), 'a callable of another kind');

echo "exceptions\n";
try {
    $ask(fn () => throw new RuntimeException('sentinel in https://host/?access_token=sentinel'))();
} catch (Active\NoAnswer $error) {
    echo $error->getMessage(), "\n";
    var_dump($error->mayHaveBeenSent, $error->errorCode, get_class($error->getPrevious()));
}
try {
    $ask(fn () => throw new Active\NoAnswer('down', mayHaveBeenSent: false, cause: 'connect', previous: new DomainException()))();
} catch (Active\NoAnswer $error) {
    echo $error->getMessage(), "\n";
    var_dump($error->mayHaveBeenSent, $error->errorCode, $error->getPrevious()->getMessage(), get_class($error->getPrevious()->getPrevious()));
}
fails($ask(fn () => throw new Error('a bug')), 'an Error goes on as it is');
$exchange = $sandbox->client('activebuilding', carry: fn () => throw new LogicException('x'))->beginToken('password', $sandbox->staff());
$exchange->step();
$exchange->carry();
fails(fn () => $exchange->step(), 'stepped');
$error = new Active\NoAnswer();
fails(fn () => $error->__construct('again'), 'made twice');
register_shutdown_function(fn () => print("the end\n"));
$ask(fn () => exit("exit\n"))();
--EXPECT--
John John
saved
200 application/json
200
carry before a step: Active\Usage: carry: there is no request, step first
NULL
string(5) "STAFF"
refused: Active\Refused [invalid_client_credentials/invalid_client]: activebuilding refused the token request: invalid_client_credentials (that is invalid_client): client secret invalid [HTTP 400]
wrong results
null: Active\Usage: carry: the callable must return [int status, array headers, string body]
two parts: Active\Usage: carry: the callable must return [int status, array headers, string body]
a status as text: Active\Usage: carry: the callable must return [int status, array headers, string body]
NUL: Active\Usage: carry: a name holds a NUL byte
no status: Active\Usage: carry: 999999 is no HTTP status
empty: Active\Garbled: the answer is empty [HTTP 200, empty body]
a callable of another kind: TypeError: {closure}(): Argument #1 ($wrong) must be of type int, Active\Request given
exceptions
the token request: no answer (other, the request may have been sent): the carrying callable threw RuntimeException
bool(true)
string(5) "other"
string(16) "RuntimeException"
the token request: no answer (connect, nothing was sent): the carrying callable threw Active\NoAnswer
bool(false)
string(7) "connect"
string(4) "down"
string(15) "DomainException"
an Error goes on as it is: Error: a bug
stepped: Active\NoAnswer [other]: the token request: no answer (other, the request may have been sent): the carrying callable threw LogicException
made twice: Error: Active\NoAnswer is made already
exit
the end
