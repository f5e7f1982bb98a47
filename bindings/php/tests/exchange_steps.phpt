--TEST--
Active\Exchange: step(), receive(), noAnswer(), carry(), run()
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$client = new Active\Client('buildpass', 'id', secret: 's');
$exchange = $client->beginToken('client_credentials', ['scope' => 'a b']);
$step = $exchange->step(new Active\Now(1000, 5));
var_dump($step, $step->request->url, $step->request->headers, json_decode($step->request->body, true), $exchange->token, $exchange->reply);
$exchange->receive(200, ['content-type: application/json'], '{"access_token":"t","token_type":"Bearer","expires_in":60,"scope":"a"}');
var_dump($exchange->step(new Active\Now(2000, 1005)));
$token = $exchange->token;
var_dump($token->expiresAt, $token->receivedAt, $token->scopeNarrower, $token->isExpired(new Active\Now(61999, 0)), $token->isExpired(new Active\Now(62000, 0)), $token->isExpired());
fails(fn () => $exchange->step(), 'after the end');
fails(fn () => $exchange->run(), 'run after the end');
fails(fn () => new Active\Exchange(), 'new');
fails(fn () => clone $exchange, 'clone');
fails(fn () => serialize($exchange), 'serialize');

echo "out of turn\n";
$begin = fn () => $client->beginToken('client_credentials', ['scope' => 'a']);
$exchange = $begin();
$exchange->receive(200, [], '{}');
fails(fn () => $exchange->step(), 'an answer to nothing');
$exchange = $begin();
$exchange->carry();
fails(fn () => $exchange->step(), 'carry before a step');
foreach ([-1, 99, 1000, 65736, PHP_INT_MAX] as $status) {
    fails(fn () => $exchange->receive($status, [], ''), "status $status");
}
$exchange = $begin();
$exchange->step();
fails(fn () => $exchange->receive(200, ["X\0" => 'a'], ''), 'NUL in a header');
fails(fn () => $exchange->receive(200, ['X' => [['a']]], ''), 'nested header');
$exchange->receive(200, ["X" => "\xff"], '');
fails(fn () => $exchange->step(), 'invalid UTF-8 in a header');

echo "no answer\n";
foreach ([[false], [true], [false, 'timeout', 'after 3 s'], [true, 'no such cause'], [true, "NUL\0"]] as $given) {
    $exchange = $begin();
    $exchange->step();
    fails(function () use ($exchange, $given) {
        $exchange->noAnswer(...$given);
        $exchange->step();
    }, json_encode($given));
}

echo "the loop of the manual\n";
$exchange = $begin();
$http = fn (Active\Request $request) => [200, [], '{"access_token":"t","token_type":"Bearer"}'];
while ($step = $exchange->step()) {
    match (true) {
        $step instanceof Active\Send => $exchange->receive(...$http($step->request)),
        $step instanceof Active\Save => print("save\n"),
        $step instanceof Active\Wait => usleep($step->milliseconds * 1000),
    };
}
echo $exchange->token->accessToken, "\n";
echo "a refresh saves first\n";
$old = Active\Token::restore('{"active_token":1,"provider":"buildpass","access_token":"o","scheme":"Bearer","received_at":0,"refresh_token":"r","deviations":[],"answer":"{}"}');
$exchange = $client->beginRefresh($old);
$exchange->step();
$exchange->receive(200, ['Content-Type' => 'application/json'], '{"access_token":"n","token_type":"Bearer","refresh_token":"r2"}');
$save = $exchange->step(new Active\Now(3000, 3000));
var_dump($save, $save->token->refreshToken, $exchange->step(), $exchange->token->refreshToken);
echo "a call\n";
$exchange = $client->beginCall($old, 'GET', '/v1/builders');
$exchange->step();
$exchange->receive(200, [['X-A', '1'], ['x-a', '2']], 'hello');
var_dump($exchange->step(), $exchange->reply, $exchange->reply->header('X-a'), $exchange->reply === $exchange->reply, $exchange->token);
fails(fn () => $exchange->reply->json(), 'no JSON');
$exchange = $client->beginCall($old, 'GET', '/v1/builders');
$exchange->step();
$exchange->receive(200, [], "\u{FEFF}{\"a\":[1.5,null,12345678901234567890]}");
$exchange->step();
echo json_encode($exchange->reply->json()), "\n";
--EXPECT--
object(Active\Send)#4 (1) {
  ["request"]=>
  object(Active\Request)#5 (4) {
    ["method"]=>
    string(4) "POST"
    ["url"]=>
    string(10) "[redacted]"
    ["headers"]=>
    string(10) "[redacted]"
    ["body"]=>
    string(10) "[redacted]"
  }
}
string(40) "https://api.buildpass.global/oauth/token"
array(2) {
  ["accept"]=>
  array(1) {
    [0]=>
    string(16) "application/json"
  }
  ["content-type"]=>
  array(1) {
    [0]=>
    string(16) "application/json"
  }
}
array(5) {
  ["grant_type"]=>
  string(18) "client_credentials"
  ["client_id"]=>
  string(2) "id"
  ["client_secret"]=>
  string(1) "s"
  ["scope"]=>
  string(3) "a b"
  ["audience"]=>
  string(28) "https://api.buildpass.global"
}
NULL
NULL
NULL
int(62000)
int(2000)
bool(true)
bool(false)
bool(true)
bool(true)
after the end: Active\Usage: step: this exchange has ended, begin a new one
run after the end: Active\Usage: step: this exchange has ended, begin a new one
new: Error: Call to private Active\Exchange::__construct() from global scope
clone: Error: Trying to clone an uncloneable object of class Active\Exchange
serialize: Exception: Serialization of 'Active\Exchange' is not allowed
out of turn
an answer to nothing: Active\Usage: receive: no request is waiting for an answer; step first, and receive once for each request
carry before a step: Active\Usage: receive: no request is waiting for an answer; step first, and receive once for each request
status -1: Active\Usage: receive: -1 is no HTTP status
status 99: Active\Usage: receive: 99 is no HTTP status
status 1000: Active\Usage: receive: 1000 is no HTTP status
status 65736: Active\Usage: receive: 65736 is no HTTP status
status 9223372036854775807: Active\Usage: receive: 9223372036854775807 is no HTTP status
NUL in a header: Active\Usage: receive: a name holds a NUL byte
nested header: Active\Usage: receive: X must be a string or a number, array given
invalid UTF-8 in a header: Active\Usage: headers: a value: not UTF-8 at byte 0
no answer
[false]: Active\NoAnswer [other]: the token request: no answer (other, nothing was sent): 
[true]: Active\NoAnswer [other]: the token request: no answer (other, the request may have been sent): 
[false,"timeout","after 3 s"]: Active\NoAnswer [timeout]: the token request: no answer (timeout, nothing was sent): after 3 s
[true,"no such cause"]: Active\NoAnswer [other]: the token request: no answer (other, the request may have been sent): 
[true,"NUL\u0000"]: Active\Usage: cause: holds a NUL byte
the loop of the manual
t
a refresh saves first
object(Active\Save)#4 (1) {
  ["token"]=>
  object(Active\Token)#5 (14) {
    ["accessToken"]=>
    string(10) "[redacted]"
    ["authorization"]=>
    string(10) "[redacted]"
    ["refreshToken"]=>
    string(10) "[redacted]"
    ["idToken"]=>
    NULL
    ["tokenType"]=>
    string(6) "Bearer"
    ["scope"]=>
    NULL
    ["requestedScope"]=>
    NULL
    ["scopeNarrower"]=>
    bool(false)
    ["expiresAt"]=>
    NULL
    ["receivedAt"]=>
    int(3000)
    ["provider"]=>
    string(9) "buildpass"
    ["deviations"]=>
    array(0) {
    }
    ["user"]=>
    NULL
    ["answer"]=>
    string(10) "[redacted]"
  }
}
string(2) "r2"
NULL
string(2) "r2"
a call
NULL
object(Active\Reply)#11 (5) {
  ["status"]=>
  int(200)
  ["headers"]=>
  string(10) "[redacted]"
  ["body"]=>
  string(10) "[redacted]"
  ["token"]=>
  object(Active\Token)#7 (14) {
    ["accessToken"]=>
    string(10) "[redacted]"
    ["authorization"]=>
    string(10) "[redacted]"
    ["refreshToken"]=>
    string(10) "[redacted]"
    ["idToken"]=>
    NULL
    ["tokenType"]=>
    NULL
    ["scope"]=>
    NULL
    ["requestedScope"]=>
    NULL
    ["scopeNarrower"]=>
    bool(false)
    ["expiresAt"]=>
    NULL
    ["receivedAt"]=>
    int(0)
    ["provider"]=>
    string(9) "buildpass"
    ["deviations"]=>
    array(0) {
    }
    ["user"]=>
    NULL
    ["answer"]=>
    string(10) "[redacted]"
  }
  ["renewed"]=>
  NULL
}
string(4) "1, 2"
bool(true)
NULL
no JSON: Active\Garbled: the API's answer (HTTP 200, 5 bytes) is no JSON; body() has it
{"a":[1.5,null,"12345678901234567890"]}
