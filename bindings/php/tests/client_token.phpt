--TEST--
Client::token() at all four providers
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
foreach (['json' => ['body' => 'json'], 'json and Basic' => ['body' => 'json', 'auth' => 'basic'], 'form' => ['body' => 'form']] as $way => $given) {
    $token = $sandbox->client('buildpass', ...$given)->token('client_credentials', ['scope' => 'read:builders read:contacts']);
    echo "buildpass, $way: $token->tokenType, $token->scope, ", ($token->expiresAt - $token->receivedAt) / 1000, "\n";
}
foreach (['activebuilding', 'mybuilding'] as $provider) {
    $token = $sandbox->client($provider)->token('password', $sandbox->staff($provider));
    echo "$provider: ", var_export($token->tokenType, true), ' ', json_encode($token->expiresAt), ' ', implode(', ', $token->deviations), "\n";
    echo "  {$token->user->userId} {$token->user->userType} {$token->user->fullname} {$token->user->profilePicture}\n";
}
$token = $sandbox->client('honeywell')->token('client_credentials');
echo "honeywell: $token->tokenType, ", substr($token->authorization, 0, 7), ', ', $token->field('/organization_name'), ', ', var_export($token->field('/'), true),
    ', ', implode(', ', $token->deviations), "\n";
// As its guide prints it: 123abc:456def.
echo '  ', $sandbox->log('honeywell')[0]['headers'] ? array_column($sandbox->log('honeywell')[0]['headers'], 1, 0)['authorization'] : '', "\n";
fails(fn () => $sandbox->client('buildpass')->token('password', []), 'grant of another provider');
fails(fn () => $sandbox->client('buildpass')->token('implicit'), 'unknown grant');
fails(fn () => $sandbox->client('buildpass')->token("pass\0word"), 'NUL in grant');
fails(fn () => $sandbox->client('buildpass')->token('client_credentials'), 'missing scope');
fails(fn () => $sandbox->client('buildpass')->token('client_credentials', ['scope' => null]), 'null');
fails(fn () => $sandbox->client('buildpass')->token('client_credentials', ['scope' => true]), 'bool');
fails(fn () => $sandbox->client('buildpass')->token('client_credentials', ['scope' => new stdClass()]), 'object');
fails(fn () => $sandbox->client('buildpass')->token('client_credentials', ['scope' => ['a', 'b']]), 'list');
fails(fn () => $sandbox->client('buildpass')->token('client_credentials', ['scope' => "a\0"]), 'NUL');
fails(fn () => $sandbox->client('buildpass')->token('client_credentials', ['scope' => "a\xff"]), 'invalid UTF-8');
fails(fn () => $sandbox->client('activebuilding')->token('password', ['username' => 'a']), 'missing password');
echo $sandbox->counters('buildpass')['token_requests'], " requests, none for what was wrong here\n";
$text = new class { public function __toString(): string { return 'read:swms'; } };
echo $sandbox->client('buildpass')->token('client_credentials', ['scope' => $text])->scope, "\n";
--EXPECT--
buildpass, json: Bearer, read:builders read:contacts, 3600
buildpass, json and Basic: Bearer, read:builders read:contacts, 3600
buildpass, form: Bearer, read:builders read:contacts, 3600
activebuilding: NULL null token_type missing
  1142 STAFF John John https://s3.amazonaws.com/assets.activebuilding.com/Profile/1142.jpg
mybuilding: NULL null token_type missing
  1142 STAFF John John https://s3.amazonaws.com/assets.activebuilding.com/Profile/1142.jpg
honeywell: BearerToken, Bearer , connectedhome, '', token_type alias, expires_in text
  Basic MTIzYWJjOjQ1NmRlZg==
grant of another provider: Active\Usage: grant: buildpass knows no password, only client_credentials, authorization_code, refresh_token
unknown grant: Active\Usage: grant: "implicit" is none of client_credentials, password, authorization_code, refresh_token, nor the URI of another (RFC 6749 §4.5)
NUL in grant: Active\Usage: grant: holds a NUL byte
missing scope: Active\Usage: grant: buildpass needs the parameter scope for client_credentials
null: Active\Usage: parameters: scope must be a string or a number, null given
bool: Active\Usage: parameters: scope must be a string or a number, bool given
object: Error: Object of class stdClass could not be converted to string
list: Active\Usage: grant: "scope" is given twice
NUL: Active\Usage: parameters: scope holds a NUL byte
invalid UTF-8: Active\Usage: parameters: a value: not UTF-8 at byte 1
missing password: Active\Usage: grant: activebuilding needs the parameter password for password
3 requests, none for what was wrong here
read:swms
