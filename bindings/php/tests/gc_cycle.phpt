--TEST--
A client whose callable holds the client is collected
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$made = function () {
    $holder = new stdClass();
    $holder->client = new Active\Client('buildpass', 'id', secret: 's', carry: fn () => [$holder, 200]);
    $holder->exchange = $holder->client->beginToken('client_credentials', ['scope' => 'a']);
    return WeakReference::create($holder->client);
};
$weak = $made();
var_dump($weak->get() === null);
gc_collect_cycles();
var_dump($weak->get());
--EXPECT--
bool(false)
NULL
