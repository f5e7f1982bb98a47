--TEST--
Active\Session: onChange and onError are told after the step, by the object that was stepped, and end with it
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$answers = [];
$client = new Active\Client(['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'token' => ['url' => '/token'],
    'api' => ['base' => 'https://api.example']], 'id', secret: 's');
$good = fn (string $token) => [200, [], '{"access_token":"' . $token . '","token_type":"Bearer","expires_in":3600}'];
$refusal = [400, [], '{"error":"invalid_client"}'];
$wall = (int) (microtime(true) * 1000);
$mono = intdiv(hrtime(true), 1000000);
$later = 0;
/** Steps to the end; `$answers` are what the provider says. */
$steps = function (Active\Exchange $exchange, array $answers = []) use (&$later, $wall, $mono) {
    while ($step = $exchange->step(new Active\Now($wall + $later, $mono + $later))) {
        match (true) {
            $step instanceof Active\Send => $exchange->receive(...array_shift($answers)),
            $step instanceof Active\Store => $exchange->store(),
            $step instanceof Active\Wait => $later += $step->milliseconds,
        };
    }
    return $exchange;
};
$made = fn (string $name, ...$hooks) => new Active\Session($client, ...['grant' => 'client_credentials', 'parameters' => ['scope' => 'a'], 'user' => $name] + $hooks);
$changed = fn (string $who) => function (Active\Token $token) use ($who) { echo "$who: new token $token->accessToken\n"; };
$failed = fn (string $who) => function (Active\Error $error) use ($who) { echo "$who: ", get_class($error), " $error->standardCode: {$error->getMessage()}\n"; };

echo "one is told, the other is not\n";
$one = $made('jo', onChange: $changed('one'), onError: $failed('one'));
$other = $made('jo', onChange: $changed('other'), onError: $failed('other'));
$steps($one->beginToken(), [$good('first')]);
echo 'the other has it too: ', $other->authorization(), "\n";
$steps($one->beginToken());
$steps($other->beginCall('GET', '/x'), [[200, [], 'ok']]);

echo "a failure that a valid token hides\n";
$later = 3_570_000;
echo $steps($other->beginToken(), [$refusal])->token->accessToken, "\n";
echo "a failure that nothing hides\n";
$other->forgetRefusals();
$later = 3_700_000;
fails(fn () => $steps($one->beginToken(), [$refusal]), 'thrown');

echo "what a callable throws\n";
$throwing = $made('ann', onChange: fn ($token) => throw new DomainException("of $token->accessToken"), onError: fn () => throw new LogicException('of onError'));
$exchange = $throwing->beginToken();
fails(fn () => $steps($exchange, [$good('second')]), 'onChange');
echo 'all the same: ', $exchange->result->accessToken, ' ', $throwing->authorization(), "\n";
$later += 3_700_000;
try {
    $steps($throwing->beginToken(), [$refusal]);
} catch (Active\Refused $error) {
    echo get_class($error), ' after ', get_class($error->getPrevious()), "\n";
}

echo "a callable that steps the same exchange\n";
$exchange = null;
$again = $made('tom', onChange: function () use (&$exchange) { fails(fn () => $exchange->step(), "within, with {$exchange->token->accessToken}"); });
$exchange = $again->beginToken();
$steps($exchange, [$good('third')]);
// Here the step has more to give than an end: the request with the new token.
$calls = $made('tim', onChange: function () use (&$exchange) { fails(fn () => $exchange->step(), 'within a call'); });
$exchange = $calls->beginCall('GET', '/x');
$steps($exchange, [$good('called'), [200, [], 'ok']]);
echo 'and the call goes on: ', $exchange->reply->body, "\n";

echo "they end with their object\n";
$of_one = WeakReference::create($one);
unset($one);
var_dump($of_one->get());
$later += 3_700_000;
$steps($made('jo')->beginToken(), [$good('fourth')]);
echo "quiet\n";

echo "an exchange keeps its session\n";
$exchange = $made('eve', onChange: $changed('eve'))->beginToken();
$steps($exchange, [$good('fifth')]);

echo "a cycle is collected\n";
$cycle = function () use ($made) {
    $holder = new stdClass();
    $holder->session = $made('cycle', onError: fn () => $holder);
    return WeakReference::create($holder->session);
};
$weak = $cycle();
gc_collect_cycles();
var_dump($weak->get());

fails(fn () => $made('x', onChange: 'no such function'), 'no callable');
--EXPECT--
one is told, the other is not
one: new token first
the other has it too: Bearer first
a failure that a valid token hides
other: Active\Refused invalid_client: login.example refused the token request: invalid_client [HTTP 400]
first
a failure that nothing hides
one: Active\Refused invalid_client: login.example refused the token request: invalid_client [HTTP 400]
thrown: Active\Refused [invalid_client/invalid_client]: login.example refused the token request: invalid_client [HTTP 400]
what a callable throws
onChange: DomainException: of second
all the same: second Bearer second
Active\Refused after LogicException
a callable that steps the same exchange
within, with third: Active\Usage: step: this exchange is in the midst of a step, which the callables of that step cannot use
within a call: Active\Usage: step: this exchange is in the midst of a step, which the callables of that step cannot use
and the call goes on: ok
they end with their object
NULL
quiet
an exchange keeps its session
eve: new token fifth
a cycle is collected
NULL
no callable: TypeError: Active\Session::__construct(): Argument #8 ($onChange) must be a valid callback or null, function "no such function" not found or invalid function name
