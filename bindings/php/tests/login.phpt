--TEST--
Active\Login: text and back, and nothing else
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$client = new Active\Client('buildpass', 'id', secret: 's');
$login = $client->authorize('https://app.example/cb', now: new Active\Now(1000, 1000));
var_dump($login);
$restored = Active\Login::restore($login->saved());
var_dump($restored->url, $restored->saved() === $login->saved());
fails(fn () => Active\Login::restore(''), 'empty');
fails(fn () => Active\Login::restore('{"active_login":99}'), 'newer');
fails(fn () => Active\Login::restore("{\0}"), 'NUL');
fails(fn () => Active\Login::restore("\xff"), 'invalid UTF-8');
fails(fn () => serialize($login), 'serialize');
fails(fn () => unserialize('O:12:"Active\Login":0:{}'), 'unserialize');
fails(fn () => clone $login, 'clone');
fails(fn () => $login->url = 'x', 'write');
fails(fn () => new Active\Login(), 'new');
--EXPECT--
object(Active\Login)#3 (3) {
  ["url"]=>
  string(10) "[redacted]"
  ["urlExpiresAt"]=>
  NULL
  ["taken"]=>
  bool(false)
}
string(0) ""
bool(true)
empty: Active\Usage: saved login: damaged …
newer: Active\Usage: saved login: version 99 is newer than this library, which reads 1
NUL: Active\Usage: saved login: holds a NUL byte
invalid UTF-8: Active\Usage: saved login: not UTF-8 at byte 0
serialize: Active\Usage: Active\Login is not serialized, because it holds secrets: store the text that saved() gives
unserialize: Active\Usage: Active\Login is not unserialized: use Active\Login::restore() on the text that saved() gave
clone: Error: Trying to clone an uncloneable object of class Active\Login
write: Error: Active\Login::$url is read-only
new: Error: Call to private Active\Login::__construct() from global scope
