--TEST--
Active\Token: what it says, and what nobody can do with it
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$client = new Active\Client('activebuilding', 'id', secret: 's');
$exchange = $client->beginToken('password', ['username' => 'u', 'password' => 'p']);
$exchange->step(new Active\Now(1000, 0));
$answer = '{"access_token":"sentinel","user":{"userId":7,"userType":"STAFF"},"":"empty","deep":{"a/b":[null,1.5,12345678901234567890,"ü"]},"scope":"a"}';
$exchange->receive(200, [], $answer);
$exchange->step(new Active\Now(2000, 1000));
$token = $exchange->token;
foreach (['accessToken', 'authorization', 'refreshToken', 'tokenType', 'scope', 'requestedScope', 'scopeNarrower', 'expiresAt', 'receivedAt', 'provider', 'deviations', 'answer'] as $name) {
    echo "$name: ", json_encode($token->$name), ' ', json_encode([isset($token->$name), empty($token->$name)]), "\n";
}
foreach (['/user', '/user/userId', '/', '/deep/a~1b/2', '/deep/a~1b', '/nothing', 'no pointer', ''] as $pointer) {
    echo "field $pointer: ", json_encode($token->field($pointer)), "\n";
}
fails(fn () => $token->field("/\0"), 'NUL');
fails(fn () => $token->field("/\xff"), 'invalid UTF-8');
var_dump($token->user, $token->user->userId, $token->user->email, isset($token->user->email), $token->isExpired());
var_dump(Active\Token::restore($token->saved())->saved() === $token->saved());
fails(fn () => Active\Token::restore(''), 'empty');
fails(fn () => Active\Token::restore('{"active_token":99}'), 'newer');
fails(fn () => Active\Token::restore('{"active_login":1}'), 'a login');
fails(fn () => Active\Token::restore(str_replace('"sentinel"', '"senti\r\nnel"', $token->saved())), 'CR LF');
fails(fn () => Active\Token::restore("{\0}"), 'NUL');
fails(fn () => Active\Token::restore("\xff"), 'invalid UTF-8');
fails(fn () => serialize($token), 'serialize');
fails(fn () => serialize(['deep' => [$token]]), 'serialize deep');
fails(fn () => unserialize('O:12:"Active\Token":0:{}'), 'unserialize');
fails(fn () => unserialize('O:12:"Active\Token":1:{s:11:"accessToken";s:1:"x";}'), 'unserialize with properties');
fails(fn () => clone $token, 'clone');
fails(fn () => $token->scope = 'x', 'write');
fails(function () use ($token) { unset($token->scope); }, 'unset');
fails(function () use ($token) { $token->deviations[] = 'x'; }, 'append');
fails(function () use ($token) { $token->user->userId = 'x'; }, 'write into the user');
fails(fn () => end($token->deviations), 'by reference');
fails(fn () => $token->access_token, 'misspelt');
fails(fn () => new Active\Token(), 'new');
fails(fn () => (new ReflectionClass('Active\Token'))->newInstanceWithoutConstructor(), 'without constructor');
fails(fn () => serialize($token->user), 'serialize the user');
var_dump($token == Active\Token::restore($token->saved()), $token == $token, (array) $token, get_object_vars($token));
foreach ($token as $name => $value) {
    echo "never $name\n";
}
--EXPECT--
accessToken: "sentinel" [true,false]
authorization: "Bearer sentinel" [true,false]
refreshToken: null [false,true]
tokenType: null [false,true]
scope: "a" [true,false]
requestedScope: null [false,true]
scopeNarrower: false [true,true]
expiresAt: null [false,true]
receivedAt: 2000 [true,false]
provider: "activebuilding" [true,false]
deviations: ["token_type missing"] [true,false]
answer: "{\"access_token\":\"sentinel\",\"user\":{\"userId\":7,\"userType\":\"STAFF\"},\"\":\"empty\",\"deep\":{\"a\/b\":[null,1.5,12345678901234567890,\"\u00fc\"]},\"scope\":\"a\"}" [true,false]
field /user: {"userId":7,"userType":"STAFF"}
field /user/userId: 7
field /: "empty"
field /deep/a~1b/2: "12345678901234567890"
field /deep/a~1b: [null,1.5,"12345678901234567890","\u00fc"]
field /nothing: null
field no pointer: null
field : {"":"empty","access_token":"sentinel","deep":{"a\/b":[null,1.5,"12345678901234567890","\u00fc"]},"scope":"a","user":{"userId":7,"userType":"STAFF"}}
NUL: Active\Usage: pointer: holds a NUL byte
invalid UTF-8: did not fail
object(Active\User)#7 (5) {
  ["userId"]=>
  string(1) "7"
  ["userType"]=>
  string(5) "STAFF"
  ["email"]=>
  NULL
  ["fullname"]=>
  NULL
  ["profilePicture"]=>
  NULL
}
string(1) "7"
NULL
bool(false)
bool(false)
bool(true)
empty: Active\Usage: saved token: damaged …
newer: Active\Usage: saved token: version 99 is newer than this library, which reads 1
a login: Active\Usage: saved token: this is no saved token
CR LF: Active\Usage: saved token: damaged …
NUL: Active\Usage: saved token: holds a NUL byte
invalid UTF-8: Active\Usage: saved token: not UTF-8 at byte 0
serialize: Active\Usage: Active\Token is not serialized, because it holds secrets: store the text that saved() gives
serialize deep: Active\Usage: Active\Token is not serialized, because it holds secrets: store the text that saved() gives
unserialize: Active\Usage: Active\Token is not unserialized: use Active\Token::restore() on the text that saved() gave
unserialize with properties: Active\Usage: Active\Token is not unserialized: use Active\Token::restore() on the text that saved() gave
clone: Error: Trying to clone an uncloneable object of class Active\Token
write: Error: Active\Token::$scope is read-only
unset: Error: Active\Token::$scope is read-only
append: Error: Active\Token::$deviations is read-only
write into the user: Error: Active\User::$userId is read-only
by reference: Error: Active\Token::$deviations is read-only
misspelt: Error: Undefined property Active\Token::$access_token
new: Error: Call to private Active\Token::__construct() from global scope
without constructor: ReflectionException: Class Active\Token is an internal class marked as final that cannot be instantiated without invoking its constructor
serialize the user: Exception: Serialization of 'Active\User' is not allowed
bool(false)
bool(true)
array(0) {
}
array(0) {
}
