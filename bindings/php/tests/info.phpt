--TEST--
phpinfo() names the versions and shows no password of a proxy or store
--EXTENSIONS--
active
--INI--
active.proxy=http://user:sentinel@127.0.0.1:1
active.store=redis://user:sentinel@127.0.0.1:1
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

ob_start();
phpinfo(INFO_MODULES);
echo implode("\n", preg_grep('/^(OAuth 2|Extension =>|libactive|active\.|.*sentinel)/', explode("\n", ob_get_clean()))), "\n";
var_dump(phpversion('active') === '0.1.0');
echo implode(' ', array_keys((new ReflectionExtension('active'))->getDependencies())), "\n";
var_dump((new ReflectionExtension('active'))->getFunctions(), preg_grep('/^OAuth2/i', get_declared_classes()));
--EXPECT--
OAuth 2.0 client of Active => enabled
Extension => 0.1.0
libactive => 0.1.0
active.proxy => set => set
active.roots => bundled => bundled
active.store => set => set
bool(true)
json hash spl
array(0) {
}
array(0) {
}
