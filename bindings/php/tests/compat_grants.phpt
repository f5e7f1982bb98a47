--TEST--
OAuth2\Client: four grants, three places for the credentials, the answer's fields at the top
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
require_once 'GrantType/IGrantType.php';
require_once 'GrantType/ClientCredentials.php';
use OAuth2\Client;
$sandbox = new Sandbox();
$ca = $sandbox->line['ca'];
$endpoint = $sandbox->line['endpoints'];
$client = new Client('f3834ee69fab4d26a01f0c1fceb0f08a', 'd938522c5058468fb8d9e6c0a987319e', Client::AUTH_TYPE_FORM, $ca);
$answer = $client->getAccessToken($endpoint['mybuilding']['token'], Client::GRANT_TYPE_PASSWORD, $sandbox->staff('mybuilding'));
echo implode(' ', array_keys($answer)), ' ', $answer['user']['fullname'], ' ', $answer['result']['user']['userType'], " $answer[code] $answer[content_type]\n";
foreach ([Client::AUTH_TYPE_URI, Client::AUTH_TYPE_AUTHORIZATION_BASIC, Client::AUTH_TYPE_FORM] as $auth) {
    $client = new Client('your_client_id', 'your_client_secret', $auth, $ca);
    $answer = $client->getAccessToken($endpoint['buildpass']['token'], OAuth2\GrantType\ClientCredentials::GRANT_TYPE,
        ['scope' => 'read:builders', 'audience' => 'https://api.buildpass.global', 'nothing' => null, 'client_secret' => 'overruled']);
    $request = $sandbox->log('buildpass')[$auth];
    echo $auth, ' ', $answer['token_type'], ' ', isset(array_column($request['headers'], 1, 0)['authorization']) ? 'Basic' : 'body', ' ',
        substr_count($request['body'], 'client_secret='), "\n";
}
$client = new Client('123abc', '456def', Client::AUTH_TYPE_AUTHORIZATION_BASIC, $ca);
$url = $client->getAuthenticationUrl($endpoint['honeywell']['authorize'], 'https://app.example/callback', ['state' => 'a b&c', 'scope' => null]);
echo steady($url), "\n";
parse_str(parse_url($sandbox->browse($url), PHP_URL_QUERY), $came);
echo $came['state'], "\n";
$answer = $client->getAccessToken($endpoint['honeywell']['code_token'], 'authorization_code', ['code' => $came['code'], 'redirect_uri' => 'https://app.example/callback']);
echo $answer['token_type'], ' ', gettype($answer['expires_in']), "\n";
$again = $client->getAccessToken($endpoint['honeywell']['code_token'], Client::GRANT_TYPE_REFRESH_TOKEN, ['refresh_token' => $answer['refresh_token']]);
var_dump($again['access_token'] !== $answer['access_token']);
echo $client->getClientId(), ' ', $client->getClientSecret(), "\n";
--EXPECT--
result code content_type access_token user John John STAFF 200 application/json
0 Bearer body 1
1 Bearer Basic 0
2 Bearer body 1
https://localhost:PORT/oauth2/authorize?response_type=code&client_id=123abc&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&state=a%20b%26c
a b&c
BearerToken string
bool(true)
123abc 456def
