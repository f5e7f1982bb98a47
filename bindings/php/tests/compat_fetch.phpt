--TEST--
OAuth2\Client::fetch(): the token in the URI or a header; any status is handed back
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

set_include_path(dirname(__DIR__) . '/compat');
require_once 'Client.php';
use OAuth2\Client;
$sandbox = new Sandbox();
$client = new Client('f3834ee69fab4d26a01f0c1fceb0f08a', 'd938522c5058468fb8d9e6c0a987319e', certificate_file: $sandbox->line['ca']);
$url = $sandbox->url('activebuilding');
var_dump($client->hasAccessToken());
fails(fn () => $client->fetch("$url/communities"), 'no token');
$token = $client->getAccessToken("$url/oauth/access_token", 'password', $sandbox->staff())['access_token'];
$client->setAccessToken($token);
var_dump($client->hasAccessToken());
$said = fn (array $answer) => json_encode($answer['result']) . " $answer[code] $answer[content_type]\n";
echo $said($client->fetch("$url/communities"));
echo count($client->fetch("$url/packages", ['communityId' => 10])['result']['response']['packages']['package']), " packages\n";
$client->fetch("$url/packages", ['communityId' => '10', 'userId' => '2201', 'description' => 'A parcel', 'more' => ['a' => 1, 'b' => [true]]], Client::HTTP_METHOD_POST);
$request = array_slice($sandbox->log('activebuilding'), -1)[0];
echo $request['method'], ' ', urldecode(str_replace($token, 'TOKEN', $request['body'])), "\n";
fails(fn () => $client->fetch("$url/communities", 'a=b'), 'text');
$sandbox->revoke('activebuilding');
echo $said($client->fetch("$url/communities"));
$client->setAccessTokenParamName('other_name');
$client->fetch("$url/communities", ['a' => 'b c']);
echo str_replace($token, 'TOKEN', array_slice($sandbox->log('activebuilding'), -1)[0]['query']), "\n";
$client = new Client('your_client_id', 'your_client_secret', Client::AUTH_TYPE_FORM, $sandbox->line['ca']);
$url = $sandbox->url('buildpass');
$token = $client->getAccessToken("$url/oauth/token", 'client_credentials', ['scope' => 'read:builders', 'audience' => 'https://api.buildpass.global'])['access_token'];
$client->setAccessToken($token);
$client->setAccessTokenType(Client::ACCESS_TOKEN_BEARER);
echo $said($client->fetch("$url/v1/builders"));
echo $said($client->fetch("$url/v1/builders?page=2", 'size=3', Client::HTTP_METHOD_GET, ['X-Test' => 'yes']));
$request = array_slice($sandbox->log('buildpass'), -1)[0];
echo $request['query'], ' ', array_column($request['headers'], 1, 0)['x-test'], "\n";
$client->fetch("$url/v1/builders", '{"a":1}', Client::HTTP_METHOD_PUT, ['content-type' => 'application/json']);
$request = array_slice($sandbox->log('buildpass'), -1)[0];
echo $request['method'], ' ', $request['body'], ' ', array_column($request['headers'], 1, 0)['content-type'], "\n";
$client->setAccessTokenType(Client::ACCESS_TOKEN_OAUTH);
$client->fetch("$url/v1/builders");
echo str_replace($token, 'TOKEN', array_column(array_slice($sandbox->log('buildpass'), -1)[0]['headers'], 1, 0)['authorization']), "\n";
$client->setAccessTokenType(Client::ACCESS_TOKEN_MAC, 'key', 'sha256');
fails(fn () => $client->fetch("$url/v1/builders"), 'MAC');
$client->setAccessTokenType(99);
fails(fn () => $client->fetch("$url/v1/builders"), 'unknown type');
$client->setAccessTokenType(Client::ACCESS_TOKEN_BEARER);
fails(fn () => $client->fetch('http://api.example/x'), 'http');
fails(fn () => $client->fetch("$url/v1/builders", [], 'GET', ['Authorization' => 'mine']), 'Authorization');
--EXPECT--
bool(false)
no token: OAuth2\Exception: There is no access token: give one to setAccessToken().
bool(true)
{"response":{"communities":{"community":[[{"communityId":"10","title":"140 Riverside"}]]}},"status":"success"} 200 application/json
3 packages
POST communityId=10&userId=2201&description=A parcel&more[a]=1&more[b][0]=1&access_token=TOKEN
text: OAuth2\InvalidArgumentException: You need to give parameters as array if you want to give the token within the URI.
{"response":{"message":"invalid_grant"},"status":"failed"} 200 application/json
a=b%20c&other_name=TOKEN
{"data":[{"abn":"51824753556","id":"bld_1","name":"Riverside Constructions"},{"abn":"53004085616","id":"bld_2","name":"Hartmann & S\u00f6hne"}]} 200 application/json
{"data":[{"abn":"51824753556","id":"bld_1","name":"Riverside Constructions"},{"abn":"53004085616","id":"bld_2","name":"Hartmann & S\u00f6hne"}]} 200 application/json
page=2&size=3 yes
PUT {"a":1} application/json
OAuth TOKEN
MAC: OAuth2\Exception: MAC tokens never became a standard and are not supported.
unknown type: OAuth2\Exception: Unknown access token type.
http: OAuth2\InvalidArgumentException: call: must be https, plain http would show the secrets to everyone on the way: http://api.example/x
Authorization: OAuth2\InvalidArgumentException: call: the header Authorization is not one a call may set
