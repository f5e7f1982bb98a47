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
https://login.example/device client_id=tv&scope=watch
WDJB-MJHT https://example.com/device https://example.com/device?user_code=WDJB-MJHT 1 []
bool(true)
https://login.example/token grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=tv&device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS
https://login.example/token grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=tv&device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS
a
bool(true)
https://login.example/token grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=tv&device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS
the user says no: Active\Refused [access_denied/access_denied]: login.example refused the token request: access_denied [HTTP 400]
stepped, and left at a pause
NULL
string(13) "Active\Device"
1000
bool(true)
6000 6 6
over: Active\Expired: the device login was not approved in time, begin it again
backchannel
https://login.example/bc client_id=tv&scope=openid&login_hint=jo
float(1)
bool(true)
https://login.example/token grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba&client_id=tv&auth_req_id=1c266114
b
no hint: Active\Usage: the backchannel login: it needs one of login_hint, id_token_hint and login_hint_token, and only one
what cannot be right
of another client: Active\Usage: poll: the device login was begun by another client
no endpoint: Active\Usage: device_authorization: buildpass names no such endpoint; if it has one, its record needs endpoints.device_authorization
no login: TypeError: Active\Client::poll(): Argument #1 ($login) must be of type Active\Device|Active\Backchannel, Active\Client given
no text: Active\Usage: parameters: scope must be a string or a number, null given
empty: Active\Usage: saved device: damaged …
NUL: Active\Usage: saved device: holds a NUL byte
a token: Active\Usage: saved device: this is no saved device
serialize: Active\Usage: Active\Device is not serialized, because it holds secrets: store the text that saved() gives
unserialize: Active\Usage: Active\Device is not unserialized: use Active\Device::restore() on the text that saved() gave
clone: Error: Trying to clone an uncloneable object of class Active\Device
write: Error: Active\Device::$interval is read-only
new: Error: Call to private Active\Device::__construct() from global scope
empty: Active\Usage: saved backchannel: damaged …
NUL: Active\Usage: saved backchannel: holds a NUL byte
a token: Active\Usage: saved backchannel: this is no saved backchannel
serialize: Active\Usage: Active\Backchannel is not serialized, because it holds secrets: store the text that saved() gives
unserialize: Active\Usage: Active\Backchannel is not unserialized: use Active\Backchannel::restore() on the text that saved() gave
clone: Error: Trying to clone an uncloneable object of class Active\Backchannel
write: Error: Active\Backchannel::$interval is read-only
new: Error: Call to private Active\Backchannel::__construct() from global scope
object(Active\Device)#8 (6) {
  ["userCode"]=>
  string(10) "[redacted]"
  ["verificationUri"]=>
  string(26) "https://example.com/device"
  ["verificationUriComplete"]=>
  string(10) "[redacted]"
  ["expiresAt"]=>
  int(1700001800000)
  ["interval"]=>
  float(6)
  ["deviations"]=>
  array(0) {
  }
}
