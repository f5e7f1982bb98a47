--TEST--
What is wrong with a session, its store or its arguments is said; what is repaired works
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$client = $sandbox->client('buildpass');
fails(fn () => new Active\Session(), 'nothing');
fails(fn () => new Active\Session('buildpass'), 'no client');
fails(fn () => new Active\Session($client, grant: 'password', parameters: ['username' => null]), 'parameters');
fails(fn () => new Active\Session($client, parameters: ['scope' => 'x']), 'no grant');
foreach (['store', 'grant', 'user', 'whenAway'] as $name) {
    fails(fn () => new Active\Session($client, ...[$name => "a\0b"]), "NUL in $name");
}
foreach ([-1.0, NAN, INF] as $margin) {
    fails(fn () => new Active\Session($client, margin: $margin), "margin $margin");
}
foreach ([0.0, NAN, 1e9] as $deadline) {
    fails(fn () => new Active\Session($client, deadline: $deadline), "deadline $deadline");
}
$sessions = [new Active\Session($client), new Active\Session($client, deadline: 5.0), new Active\Session($client, user: 'jo'), new Active\Session($client, 'cupboard:')];
var_dump(preg_match('/^[0-9a-f]{64}$/', $sessions[0]->key), $sessions[0]->key === $sessions[1]->key, $sessions[0]->key === $sessions[2]->key, $sessions[3]->key);
// What the library finds wrong, each exchange tells.
foreach (['cupboard:', '', 'file:relative', 'file:/tmp', 'redis:', 'file:/tmp?danger_unencrypted=yes'] as $store) {
    $session = new Active\Session($client, $store);
    fails(fn () => $session->token(), "store $store");
}
var_dump($session->authorization());
foreach (['token' => [], 'logout' => [], 'call' => ['GET', '/v1/builders']] as $method => $arguments) {
    fails(fn () => $session->$method(...$arguments), $method);
}
fails(fn () => (new Active\Session($client, whenAway: 'panic'))->token(), 'whenAway');
fails(fn () => (new Active\Session($client, grant: 'authorization_code', parameters: ['code' => 'x']))->token(), 'grant');
fails(fn () => (new Active\Session(new Active\Client('nobody', 'id')))->token(), 'client');
fails(fn () => $session->login(new stdClass()), 'login');
fails(fn () => (new Active\Session($client))->login($sandbox->client('honeywell')->token('client_credentials')), 'login');
fails(fn () => (new Active\Session($client))->call('GET', 'https://evil.example/'), 'target');
fails(fn () => (new Active\Session($client))->call("G\0", '/'), 'method');
fails(fn () => (new Active\Session($client))->call('GET', '/', query: ['a' => null]), 'query');
fails(fn () => $session->__construct($client), 'twice');
// The one way to a session whose constructor has not come to its end.
$early = new class {
    public function __toString(): string
    {
        $half_made = debug_backtrace()[1]['object'];
        foreach (['token' => [], 'call' => ['GET', '/'], 'logout' => [], 'authorization' => [], 'forgetRefusals' => [], 'beginToken' => []] as $method => $arguments) {
            fails(fn () => $half_made->$method(...$arguments), "half made $method");
        }
        var_dump($half_made->client);
        return 'read:builders';
    }
};
echo get_class(new Active\Session($client, grant: 'client_credentials', parameters: ['scope' => $early])), "\n";
fails(fn () => clone $session, 'clone');
fails(fn () => serialize($session), 'serialize');
fails(fn () => $session->client = null, 'write');

// The errors of stores have their word, and no key in them.
$folder = sys_get_temp_dir() . '/active-store-' . getmypid();
mkdir($folder, 0755);
$at = fn (int $key) => "file:$folder?key=" . str_repeat((string) $key, 64);
$session = fn (int $key) => new Active\Session($client, $at($key), 'client_credentials', ['scope' => 'read:builders']);
try {
    $session(1)->token();
} catch (Active\StoreError $error) {
    var_dump($error->kind, $error->errorCode, $error->transient, $error->ambiguous, $error->status, $error instanceof Active\Error);
}
// Repaired: what was wrong is not remembered.
chmod($folder, 0700);
$token = $session(1)->token();
try {
    $session(2)->token();
} catch (Active\StoreError $error) {
    var_dump($error->errorCode, str_contains((string) $error, '1111') || str_contains((string) $error, '2222'));
}
echo $sandbox->counters('buildpass')['token_requests'], " token request\n";
shell_exec('rm -r ' . escapeshellarg($folder));
--EXPECTF--
nothing: ArgumentCountError: Active\Session::__construct() expects at least 1 argument, 0 given
no client: TypeError: Active\Session::__construct(): Argument #1 ($client) must be of type Active\Client, string given
parameters: Active\Usage: parameters: username must be a string or a number, null given
no grant: Active\Usage: parameters: there is no grant that they belong to
NUL in store: Active\Usage: store: holds a NUL byte
NUL in grant: Active\Usage: grant: holds a NUL byte
NUL in user: Active\Usage: user: holds a NUL byte
NUL in whenAway: Active\Usage: whenAway: holds a NUL byte
margin -1: Active\Usage: margin: must be seconds, from 0 to a day
margin NAN: Active\Usage: margin: must be seconds, from 0 to a day
margin INF: Active\Usage: margin: must be seconds, from 0 to a day
deadline 0: Active\Usage: deadline: must be seconds, from 0.001 to an hour
deadline NAN: Active\Usage: deadline: must be seconds, from 0.001 to an hour
deadline 1000000000: Active\Usage: deadline: must be seconds, from 0.001 to an hour
int(1)
bool(true)
bool(false)
NULL
store cupboard:: Active\Usage: the store's name: cupboard: is none of this build's; known are memory: file: keyring: redis: %s
store : Active\Usage: the store's name: it begins with no scheme; %s
store file:relative: Active\Usage: the store's name: file: wants the absolute path %s
store file:/tmp: Active\Usage: the store's name: file: wants exactly one of %s
store redis:: Active\Usage: %sredis://%s
store file:/tmp?danger_unencrypted=yes: Active\StoreError [denied]: store: other users may use /tmp %s
NULL
token: Active\StoreError [denied]: store: other users may use /tmp %s
logout: Active\StoreError [denied]: store: other users may use /tmp %s
call: Active\StoreError [denied]: store: other users may use /tmp %s
whenAway: Active\Usage: when_away: must be fail or alone
grant: Active\Usage: session: a grant of type authorization_code works once and cannot be repeated; use login
client: Active\Usage: %snobody%s
login: TypeError: Active\Session::login(): Argument #1 ($token) must be of type Active\Token, stdClass given
login: Active\Usage: login: the token was issued by honeywell
target: Active\Expired: session of %s log in
method: Active\Usage: method: holds a NUL byte
query: Active\Usage: query: a must be a string or a number, null given
twice: Error: Active\Session is made already
half made token: Active\Usage: session: its constructor has not run
half made call: Active\Usage: session: its constructor has not run
half made logout: Active\Usage: session: its constructor has not run
half made authorization: Active\Usage: session: its constructor has not run
half made forgetRefusals: Active\Usage: session: its constructor has not run
half made beginToken: Active\Usage: session: its constructor has not run
NULL
Active\Session
clone: Error: Trying to clone an uncloneable object of class Active\Session
serialize: Exception: Serialization of 'Active\Session' is not allowed
write: Error: Active\Session::$client is read-only
string(5) "store"
string(6) "denied"
bool(false)
bool(false)
NULL
bool(true)
string(9) "wrong_key"
bool(false)
1 token request
