--TEST--
A session's exchanges, step by step: Active\Store, one who waits for another, one that is given up
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$folder = sys_get_temp_dir() . '/active-store-' . getmypid();
mkdir($folder, 0700);
$store = "file:$folder?danger_unencrypted=yes";
$client = $sandbox->client('buildpass');
$session = new Active\Session($client, $store, 'client_credentials', ['scope' => 'read:builders']);
$to_end = function (Active\Exchange $exchange, ?callable $clock = null): string {
    $steps = [];
    while ($step = $exchange->step($clock ? $clock() : null)) {
        $steps[] = substr(get_class($step), 7);
        match (true) {
            $step instanceof Active\Send => $exchange->carry(),
            $step instanceof Active\Wait => usleep($step->milliseconds * 1000),
            $step instanceof Active\Store => $exchange->store(),
        };
    }
    return implode(' ', array_unique($steps));
};
$exchange = $session->beginToken();
$step = $exchange->step();
var_dump($step, $exchange->step() instanceof Active\Store);
echo $to_end($exchange), "\n";
var_dump($session->authorization() === $exchange->token->authorization);
$exchange->store(); // nothing to do is harmless
echo 'at hand: ', json_encode($to_end($session->beginToken())), "\n";
$exchange = $session->beginCall('GET', '/v1/builders', query: ['page' => 2]);
echo 'call: ', $to_end($exchange), ' ', $exchange->reply->status, "\n";

// An hour later: one leads, one waits, one is given up.
$later = fn () => new Active\Now((int) (microtime(true) * 1000) + 3600000, intdiv(hrtime(true), 1000000) + 3600000);
$given_up = $session->beginToken();
$waiting = $session->beginToken();
var_dump($given_up->step($later()) instanceof Active\Store, $waiting->step($later()) instanceof Active\Wait);
unset($given_up);
echo 'after one was given up: ', str_replace('Wait ', '', $to_end($waiting, $later)), "\n";
echo $sandbox->counters('buildpass')['token_requests'], " token requests\n";

$exchange = $session->beginLogout();
echo 'logout: ', $to_end($exchange), "\n";
var_dump($exchange->token, $exchange->reply, $session->authorization());
$token = $client->token('client_credentials', ['scope' => 'read:builders']);
$exchange = $session->beginLogin($token);
echo 'login: ', $to_end($exchange), "\n";
var_dump($exchange->token->accessToken === $token->accessToken, $session->authorization() === $token->authorization);
var_dump($session->beginLogout()->run(), $session->beginToken()->run() instanceof Active\Token);
fails(fn () => new Active\Store(), 'new');

// A callable carries a session's requests too. Such a session belongs to its object: nobody knows whether two callables mean the same.
$asked = 0;
$carried = function () use ($sandbox, &$asked) {
    $client = $sandbox->client('buildpass', agent: null, carry: function (Active\Request $request) use (&$asked) {
        $asked++;
        return [200, [], str_ends_with($request->url, '/oauth/token') ? '{"access_token":"by-hand","expires_in":3600}' : '[]'];
    });
    return new Active\Session($client, grant: 'client_credentials', parameters: ['scope' => 'read:builders']);
};
$one = $carried();
var_dump($one->call('GET', '/v1/builders')->status, $one->authorization(), $carried()->authorization(), $asked);
shell_exec('rm -r ' . escapeshellarg($folder));
--EXPECT--
object(Active\Store)#6 (0) {
}
bool(true)
Store Send
bool(true)
at hand: ""
call: Send 200
bool(true)
bool(true)
after one was given up: Store Send
2 token requests
logout: Store
NULL
NULL
NULL
login: Store
bool(true)
bool(true)
NULL
bool(true)
new: Error: Call to private Active\Store::__construct() from global scope
int(200)
string(14) "Bearer by-hand"
NULL
int(2)
