--TEST--
Client::call(): query, headers, form, JSON, bytes; the answer is a Reply
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$client = $sandbox->client('activebuilding');
$token = $client->token('password', $sandbox->staff());
$reply = $client->call($token, 'GET', '/communities');
echo $reply->status, ' ', $reply->json()['response']['communities']['community'][0][0]['title'], ' ', $reply->header('Content-Type'), "\n";
var_dump($reply->renewed, $reply->token === $token, $reply->header('nothing'), is_string($reply->body), $reply->headers['content-type']);
$reply = $client->call($token, 'GET', '/packages', query: ['communityId' => 10]);
echo count($reply->json()['response']['packages']['package']), " packages\n";
$last = fn (string $provider) => array_slice($sandbox->log($provider), -1)[0];
$said = function (array $request) use ($token) {
    echo $request['method'], ' ', $request['path'], '?', $request['query'], ' | ', $request['body'] ?? '', ' | ';
    echo array_column($request['headers'], 1, 0)['content-type'] ?? '-', "\n";
};
ob_start(fn (string $text) => str_replace($token->accessToken, 'TOKEN', $text));
$client->call($token, 'GET', '/x', query: ['a' => 'b c&d', 'n' => 1.5, 'list' => ['1', 2], 'ü' => 'ö']);
$said($last('activebuilding'));
$client->call($token, 'POST', '/packages', form: ['communityId' => '10', 'userId' => '2201', 'description' => 'A parcel & more']);
$said($last('activebuilding'));
ob_end_flush();
$client = $sandbox->client('honeywell');
$token = $client->token('client_credentials');
$client->call($token, 'PUT', '/v2/devices', json: ['text' => 'ü/"', 'number' => 1.0, 'list' => []], headers: ['UserRefID' => '4711', 'X-Two' => ['a', 'b']]);
$request = $last('honeywell');
$said($request);
echo json_encode(array_values(array_filter($request['headers'], fn ($header) => str_starts_with(strtolower($header[0]), 'x-') || strtolower($header[0]) === 'userrefid'))), "\n";
$client->call($token, 'POST', '/v2/devices', body: "\0\1bytes", contentType: 'application/x-test');
$request = $last('honeywell');
echo json_encode($request['body']), ' ', array_column($request['headers'], 1, 0)['content-type'], "\n";
$client->call($token, 'POST', '/v2/devices', body: 'bytes');
echo array_column($last('honeywell')['headers'], 1, 0)['content-type'], "\n";
echo $client->call($token, 'DELETE', $sandbox->url('honeywell') . '/nothing')->status, "\n";
--EXPECT--
200 140 Riverside application/json
NULL
bool(true)
NULL
bool(true)
array(1) {
  [0]=>
  string(16) "application/json"
}
3 packages
GET /x?a=b%20c%26d&n=1.5&list=1&list=2&%C3%BC=%C3%B6&access_token=TOKEN |  | -
POST /packages? | communityId=10&userId=2201&description=A+parcel+%26+more&access_token=TOKEN | application/x-www-form-urlencoded
PUT /v2/devices?apikey=123abc | {"text":"ü/\"","number":1.0,"list":[]} | application/json
[["userrefid","4711"],["x-two","a"],["x-two","b"]]
"\u0000\u0001bytes" application/x-test
application/octet-stream
404
