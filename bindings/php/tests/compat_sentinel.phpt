--TEST--
OAuth2\Client shows no secret
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

ini_set('zend.exception_ignore_args', '0');
set_include_path(dirname(__DIR__) . '/compat');
require_once 'Client.php';
$client = new OAuth2\Client('id', 'secret-sentinel');
$client->setAccessToken('token-sentinel');
$client->setCurlOption(10004, 'gopher://user:proxy-sentinel@host');
$errors = [];
foreach ([
    fn () => $client->getAccessToken('https://api.example/t', 'password', ['username' => 'user-sentinel', 'password' => 'pass-sentinel']),
    fn () => $client->getAccessToken('https://api.example/t', 'password', ['password' => 'pass-sentinel']),
    fn () => $client->getAccessToken('https://api.example/t', 'password', ['password' => 'pass-sentinel'], ['x' => 'header-sentinel']),
    fn () => $client->fetch('https://api.example/x?q=query-sentinel', ['a' => 'query-sentinel'], 'GET', ['X' => 'header-sentinel']),
    fn () => $client->fetch('https://api.example/x', 'text-sentinel'),
    fn () => $client->setCurlOption(1, 'option-sentinel'),
    fn () => new OAuth2\Client('id', 'secret-sentinel', 0, '/no/such'),
] as $work) {
    try {
        $work();
        echo "did not fail\n";
    } catch (Exception $error) {
        $errors[] = $error;
        echo get_class($error), "\n";
    }
}
ob_start();
foreach ([$client, ...$errors] as $object) {
    var_dump($object);
    print_r($object);
    @var_export($object);
    print_r((array) $object);
    debug_zval_dump($object);
    echo json_encode($object), $object instanceof Exception ? $object : '';
    try {
        echo serialize($object);
    } catch (Exception $refused) {
        echo $refused;
    }
}
$shown = ob_get_clean();
var_dump(strlen($shown) > 10000, substr_count($shown, 'sentinel') - substr_count($shown, 'compat_sentinel'));
--EXPECT--
OAuth2\InvalidArgumentException
OAuth2\InvalidArgumentException
OAuth2\InvalidArgumentException
OAuth2\InvalidArgumentException
OAuth2\InvalidArgumentException
OAuth2\InvalidArgumentException
OAuth2\InvalidArgumentException
bool(true)
int(0)
