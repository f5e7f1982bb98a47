--TEST--
A token that unserialize() half made, kept by another object, is harmless
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

class Keeper
{
    public $token;
    public static $kept;

    public function __wakeup()
    {
        self::$kept = $this->token;
    }
}
fails(fn () => unserialize('O:6:"Keeper":1:{s:5:"token";O:12:"Active\Token":0:{}}'));
fails(fn () => unserialize('a:2:{i:0;O:12:"Active\Token":0:{}i:1;O:6:"Keeper":1:{s:5:"token";r:2;}}'));
var_dump(Keeper::$kept);
$token = (function () {
    try {
        unserialize('O:6:"Keeper":1:{s:5:"token";O:12:"Active\Login":0:{}}');
    } catch (Active\Usage) {
    }
    return Keeper::$kept;
})();
var_dump($token);
--EXPECT--
Active\Usage: Active\Token is not unserialized: use Active\Token::restore() on the text that saved() gave
Active\Usage: Active\Token is not unserialized: use Active\Token::restore() on the text that saved() gave
NULL
NULL
