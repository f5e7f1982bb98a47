--TEST--
Against a server that others wrote (oidc-provider): discovery, device login, revocation, private_key_jwt, pushed requests, DPoP
--EXTENSIONS--
active
--SKIPIF--
<?php if (!is_executable((string) getenv('ACTIVE_COUNTERPARTS'))) echo 'skip ACTIVE_COUNTERPARTS names no program'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$server = proc_open([getenv('ACTIVE_COUNTERPARTS'), 'oidc-provider'], [['pipe', 'r'], ['pipe', 'w']], $pipes);
$told = json_decode(fgets($pipes[1]), true, flags: JSON_THROW_ON_ERROR);
// The user, at a browser.
$user = function (array $wish) use ($pipes) {
    fwrite($pipes[0], json_encode($wish + ['user' => 'alice']) . "\n");
    return json_decode(fgets($pipes[1]), true, flags: JSON_THROW_ON_ERROR);
};
$agent = new Active\Agent(roots: $told['ca_pem']);
$record = Active\Provider::discover($told['issuer'], $agent);
$client = fn (string $name, ...$more) => new Active\Client($record, $told['clients'][$name]['id'], ...$more, agent: $agent);

// The provider's name holds a port.
$refused = function (callable $work, string $what) {
    try {
        $work();
        echo "$what: did not fail\n";
    } catch (Active\Refused $error) {
        echo "$what: $error->standardCode\n";
    }
};

$tv = $client('public', auth: 'none');
$device = $tv->device(['scope' => 'openid']);
$user(['do' => 'approve_device', 'url' => $device->verificationUriComplete]);
$token = $tv->poll($device);
echo 'device: ', $tv->userinfo($token)->field('/sub'), "\n";
$tv->revoke($token);
$refused(fn () => $tv->userinfo($token), 'revoked');

$key = Active\Key::fromPem('ES256', $told['clients']['key-es256']['key']['pem']);
$keyed = $client('key-es256', auth: 'private_key_jwt', key: $key);
$token = $keyed->token('client_credentials');
echo 'private_key_jwt: ', json_encode($keyed->introspect($token)->field('/active')), "\n";
$refused(fn () => $client('key-es256', auth: 'private_key_jwt', key: Active\Key::generate())->token('client_credentials'), 'a stranger\'s key');

$bound = $client('dpop-nonce', secret: $told['clients']['dpop-nonce']['secret'], dpop: Active\Key::generate(), dpopRequired: true);
$login = $bound->push($told['clients']['dpop-nonce']['redirect_uri'], ['scope' => 'openid']);
$token = $bound->callback($login, $user(['do' => 'sign_in', 'url' => $login->url])['callback']);
echo 'pushed and bound: ', $token->tokenType, ' ', $bound->userinfo($token)->field('/sub'), "\n";
array_map('fclose', $pipes);
proc_close($server);
--EXPECT--
device: alice
revoked: invalid_token
private_key_jwt: true
a stranger's key: invalid_client
pushed and bound: DPoP alice
