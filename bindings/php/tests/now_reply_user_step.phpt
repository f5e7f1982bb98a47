--TEST--
Active\Now, and that nobody makes what only the library makes
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$now = new Active\Now(wall: 1, mono: 2);
var_dump($now, $now->wall, $now->mono);
fails(function () use ($now) { $now->wall = 3; }, 'write');
fails(fn () => $now->__construct(1, 2), 'twice');
fails(fn () => new Active\Now('1', 2), 'text');
var_dump((clone $now)->wall, unserialize(serialize($now)) == $now);
foreach (['Request', 'Reply', 'User', 'Send', 'Save', 'Wait', 'Store', 'Step', 'Exchange', 'Token', 'Login', 'Error'] as $name) {
    fails(fn () => new ("Active\\$name")(), $name);
}
foreach (['Request', 'Reply', 'User', 'Send', 'Save', 'Wait', 'Store', 'Exchange', 'Client', 'Session', 'Agent'] as $name) {
    $class = "Active\\$name";
    fails(fn () => unserialize('O:' . strlen($class) . ":\"$class\":0:{}"), "unserialize $name");
}
class Mine extends Active\Step {}
var_dump(new Mine());
class MyError extends Active\Error {}
fails(fn () => throw new MyError('mine'));
--EXPECT--
object(Active\Now)#1 (2) {
  ["wall"]=>
  int(1)
  ["mono"]=>
  int(2)
}
int(1)
int(2)
write: Error: Cannot modify readonly property Active\Now::$wall
twice: Error: Active\Now is made already
text: TypeError: Active\Now::__construct(): Argument #1 ($wall) must be of type int, string given
int(1)
bool(true)
Request: Error: Call to private Active\Request::__construct() from global scope
Reply: Error: Call to private Active\Reply::__construct() from global scope
User: Error: Call to private Active\User::__construct() from global scope
Send: Error: Call to private Active\Send::__construct() from global scope
Save: Error: Call to private Active\Save::__construct() from global scope
Wait: Error: Call to private Active\Wait::__construct() from global scope
Store: Error: Call to private Active\Store::__construct() from global scope
Step: Error: Cannot instantiate abstract class Active\Step
Exchange: Error: Call to private Active\Exchange::__construct() from global scope
Token: Error: Call to private Active\Token::__construct() from global scope
Login: Error: Call to private Active\Login::__construct() from global scope
Error: Error: Cannot instantiate abstract class Active\Error
unserialize Request: Exception: Unserialization of 'Active\Request' is not allowed
unserialize Reply: Exception: Unserialization of 'Active\Reply' is not allowed
unserialize User: Exception: Unserialization of 'Active\User' is not allowed
unserialize Send: Exception: Unserialization of 'Active\Send' is not allowed
unserialize Save: Exception: Unserialization of 'Active\Save' is not allowed
unserialize Wait: Exception: Unserialization of 'Active\Wait' is not allowed
unserialize Store: Exception: Unserialization of 'Active\Store' is not allowed
unserialize Exchange: Exception: Unserialization of 'Active\Exchange' is not allowed
unserialize Client: Exception: Unserialization of 'Active\Client' is not allowed
unserialize Session: Exception: Unserialization of 'Active\Session' is not allowed
unserialize Agent: Exception: Unserialization of 'Active\Agent' is not allowed
object(Mine)#4 (0) {
}
MyError: mine
