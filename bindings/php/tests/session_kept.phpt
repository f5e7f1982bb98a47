--TEST--
At most 256 sessions are kept, those that were used last; what a program holds goes on; none is kept that a callable carries
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$client = new Active\Client('buildpass', 'id', secret: 's');
$of = fn (int $user) => new Active\Session($client, grant: 'client_credentials', parameters: ['scope' => 'a'], user: "user $user");
$answered = function (Active\Session $session, string $token) {
    $exchange = $session->beginToken();
    $exchange->step();
    $exchange->receive(200, [], '{"access_token":"' . $token . '","token_type":"Bearer","expires_in":3600}');
    var_dump($exchange->step());
};
$held = $of(1);
ob_start();
for ($user = 0; $user < 300; $user++) {
    $answered($of($user), "token$user");
    $of(0); // used again and again
}
ob_end_clean();
foreach ([0, 299, 45, 44, 1] as $user) {
    echo "user $user: ", json_encode($of($user)->authorization()), "\n";
}
echo 'held: ', $held->authorization(), "\n";
var_dump($held->beginToken()->step());

// A cycle of callable, client and session is collected.
$made = function () {
    $holder = new stdClass();
    $holder->client = new Active\Client('buildpass', 'id', secret: 's', carry: fn () => [$holder, 200]);
    $holder->session = new Active\Session($holder->client, grant: 'client_credentials', parameters: ['scope' => 'a']);
    $holder->exchange = $holder->session->beginToken();
    return WeakReference::create($holder->session);
};
$weak = $made();
var_dump($weak->get() === null);
gc_collect_cycles();
var_dump($weak->get());
--EXPECT--
user 0: "Bearer token0"
user 299: "Bearer token299"
user 45: "Bearer token45"
user 44: null
user 1: null
held: Bearer token1
NULL
bool(false)
NULL
