--TEST--
Beside a library that declares the OAuth2\ names, the extension changes nothing
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

var_dump(class_exists('OAuth2\Client', false), class_exists('OAuth2\Exception', false), interface_exists('OAuth2\GrantType\IGrantType', false));
require __DIR__ . '/other_library.inc';
echo OAuth2\Client::AUTH_TYPE_URI, ' ', (new OAuth2\Client())->getAccessToken()['result'], ' ', OAuth2\GrantType\Password::GRANT_TYPE, "\n";
$sandbox = new Sandbox();
echo $sandbox->client('buildpass')->token('client_credentials', ['scope' => 'read:builders'])->scope, "\n";
--EXPECT--
bool(false)
bool(false)
bool(false)
theirs theirs theirs
read:builders
