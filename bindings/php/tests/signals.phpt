--TEST--
Handlers of signals run while a request is out: one may throw, cancel, ask for a token of its own, end the program, or do nothing
--EXTENSIONS--
active
pcntl
--SKIPIF--
<?php
require __DIR__ . '/needs_sandbox.inc';
if (!function_exists('pcntl_alarm')) {
    die('skip no pcntl');
}
?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$client = $sandbox->client('buildpass');
$other = $sandbox->client('honeywell');
// Under valgrind a request takes longer to be out.
$soon = getenv('USE_ZEND_ALLOC') === '0' ? 5 : 1;
$asked = ['client_credentials', ['scope' => 'read:builders']];
pcntl_async_signals(true);
$interrupted = function (string $what, callable $handler, callable $work) use ($sandbox, $soon) {
    $sandbox->fault('buildpass', ['kind' => 'half_open'], times: 1);
    pcntl_signal(SIGALRM, $handler);
    pcntl_alarm($soon);
    $took = seconds(function () use ($what, $work) {
        try {
            $work();
            echo "$what: it went on\n";
        } catch (Throwable $thrown) {
            echo "$what: ", get_class($thrown), ' ', $thrown instanceof Active\NoAnswer ? $thrown->errorCode : $thrown->getMessage(), "\n";
        }
    });
    echo $took > $soon - 0.2 && $took < $soon + 15 ? '' : "it took $took s\n";
};
$interrupted('it throws', fn () => throw new DomainException('enough'), fn () => $client->token(...$asked));
$exchange = $client->beginToken(...$asked);
$interrupted('it throws, stepped', fn () => throw new DomainException('enough'), fn () => $exchange->run());
$exchange = $client->beginToken(...$asked);
$interrupted('it cancels', fn () => $exchange->cancel(), fn () => $exchange->run());
$exchange = $client->beginToken(...$asked);
$interrupted('it uses what is under way', fn () => $exchange->step(), fn () => $exchange->run());
$session = new Active\Session($client, null, ...$asked);
$interrupted('a session', fn () => throw new DomainException('enough'), fn () => $session->token());
echo 'and it goes on: ', $session->token()->tokenType, "\n";

// What the handler does by the library itself, in the midst of it.
$got = null;
$exchange = $client->beginToken(...$asked);
$interrupted('it asks for another', function () use (&$got, $other, &$exchange) {
    $got = $other->token('client_credentials')->tokenType;
    $exchange->cancel();
}, fn () => $exchange->run());
echo json_encode($got), "\n";

// It does nothing, and nothing is disturbed.
$heard = 0;
pcntl_signal(SIGALRM, function () use (&$heard) { $heard++; });
$sandbox->fault('buildpass', ['kind' => 'delay', 'ms' => 2000 * $soon], times: 1);
pcntl_alarm($soon);
echo $client->token(...$asked)->tokenType, " $heard\n";

// It ends the program.
$sandbox->fault('buildpass', ['kind' => 'half_open'], times: 1);
pcntl_signal(SIGALRM, function () { echo "the end\n"; exit(0); });
pcntl_alarm($soon);
register_shutdown_function(fn () => print("shut down\n"));
try {
    $client->token(...$asked);
} finally {
    echo "not after exit\n";
}
--EXPECT--
it throws: DomainException enough
it throws, stepped: DomainException enough
it cancels: Active\NoAnswer cancelled
it uses what is under way: Active\Usage step: this exchange is in the midst of a step, which the callables of that step cannot use
a session: DomainException enough
and it goes on: Bearer
it asks for another: Active\NoAnswer cancelled
"BearerToken"
Bearer 1
the end
shut down
