--TEST--
Special characters arrive in every credential, at every provider
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
foreach (['activebuilding', 'mybuilding'] as $provider) {
    $special = $sandbox->line['credentials'][$provider]['special'];
    $client = $sandbox->client($provider, id: $special['client_id'], secret: $special['client_secret']);
    echo "$provider: ", $client->token('password', $sandbox->staff($provider, 'special'))->user->fullname, "\n";
}
$special = $sandbox->line['credentials']['buildpass']['special'];
foreach ([['body' => 'json'], ['body' => 'form'], ['body' => 'json', 'auth' => 'basic'], ['body' => 'form', 'auth' => 'basic']] as $way) {
    $client = $sandbox->client('buildpass', ...$way, id: $special['client_id'], secret: $special['client_secret']);
    echo implode(' ', $way), ': ', $client->token('client_credentials', ['scope' => 'read:swms'])->scope, "\n";
}
$special = $sandbox->line['credentials']['honeywell']['special'];
$client = $sandbox->client('honeywell', id: $special['client_id'], secret: $special['client_secret']);
echo 'honeywell: ', $client->token('client_credentials')->scope, "\n";
--EXPECT--
activebuilding: Zoë "Quote" O'Neil
mybuilding: Zoë "Quote" O'Neil
json: read:swms
form: read:swms
json basic: read:swms
form basic: read:swms
honeywell: user
