--TEST--
Client::device(), backchannel() and poll(): a login that is approved on another device
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$record = ['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'token' => ['url' => '/token', 'auth' => 'none'],
    'endpoints' => ['device_authorization' => '/device', 'backchannel_authentication' => '/bc']];
$answers = [];
$tv = new Active\Client($record, 'tv', carry: function (Active\Request $request) use (&$answers) {
    echo $request->url, ' ', $request->body, "\n";
    return array_shift($answers);
});
// The example of RFC 8628 section 3.2.
$begun = '{"device_code":"GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS","user_code":"WDJB-MJHT","verification_uri":"https://example.com/device",'
    . '"verification_uri_complete":"https://example.com/device?user_code=WDJB-MJHT","expires_in":1800,"interval":1}';
$answers[] = [200, [], $begun];
$device = $tv->device(['scope' => 'watch']);
echo $device->userCode, ' ', $device->verificationUri, ' ', $device->verificationUriComplete, ' ', $device->interval, ' ', json_encode($device->deviations), "\n";
var_dump(abs($device->expiresAt - (time() + 1800) * 1000) < 60000);
$answers = [[400, [], '{"error":"authorization_pending"}'], [200, [], '{"access_token":"a","token_type":"Bearer","scope":"watch"}']];
$took = seconds(function () use ($tv, $device) { echo $tv->poll($device)->accessToken, "\n"; });
var_dump($took >= 1.9 && $took < 20);
$answers = [[400, [], '{"error":"access_denied"}']];
fails(fn () => $tv->poll(Active\Device::restore($device->saved())), 'the user says no');

echo "stepped, and left at a pause\n";
$now = fn (int $ms) => new Active\Now(1_700_000_000_000 + $ms, $ms);
$exchange = $tv->beginDevice();
$exchange->step($now(0));
$exchange->receive(200, [], $begun);
var_dump($exchange->step($now(0)), get_class($exchange->result));
$device = $exchange->result;
$exchange = $tv->beginPoll($device);
echo $exchange->step($now(0))->milliseconds, "\n";
var_dump($exchange->step($now(1000)) instanceof Active\Send);
$exchange->receive(400, [], '{"error":"slow_down"}');
echo $exchange->step($now(1000))->milliseconds, ' ', $device->interval, ' ', Active\Device::restore($device->saved())->interval, "\n";
fails(fn () => $tv->beginPoll($device)->step($now(1_800_001)), 'over');

echo "backchannel\n";
$answers = [[200, [], '{"auth_req_id":"1c266114","expires_in":120,"interval":1}'], [200, [], '{"access_token":"b","token_type":"Bearer"}']];
$backchannel = $tv->backchannel(['scope' => 'openid', 'login_hint' => 'jo']);
var_dump($backchannel->interval, Active\Backchannel::restore($backchannel->saved())->expiresAt === $backchannel->expiresAt);
echo $tv->poll($backchannel)->accessToken, "\n";
fails(fn () => $tv->backchannel(['scope' => 'openid']), 'no hint');

echo "what cannot be right\n";
$other = new Active\Client($record, 'other');
fails(fn () => $other->poll($device), 'of another client');
fails(fn () => (new Active\Client('buildpass', 'id', secret: 's'))->device(), 'no endpoint');
fails(fn () => $tv->poll($tv), 'no login');
fails(fn () => $tv->device(['scope' => null]), 'no text');
foreach ([Active\Device::class => $device, Active\Backchannel::class => $backchannel] as $class => $login) {
    fails(fn () => $class::restore(''), 'empty');
    fails(fn () => $class::restore("{\0}"), 'NUL');
    fails(fn () => $class::restore('{"active_token":1}'), 'a token');
    fails(fn () => serialize($login), 'serialize');
    fails(fn () => unserialize('O:' . strlen($class) . ":\"$class\":0:{}"), 'unserialize');
    fails(fn () => clone $login, 'clone');
    fails(fn () => $login->interval = 1.0, 'write');
    fails(fn () => new $class(), 'new');
}
var_dump($device);
--EXPECT--

