--TEST--
Active\Agent reads PEM files by PHP's own rules
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

ini_set('open_basedir', __DIR__);
fails(fn () => @new Active\Agent(roots: '/etc/ssl/certs/ca-certificates.crt'));
--EXPECT--
Active\Usage: roots: /etc/ssl/certs/ca-certificates.crt is neither bundled, system, a PEM text nor a file that can be read
