--TEST--
OAuth2\Client throws where the old one went on
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
$url = $sandbox->url('activebuilding') . '/oauth/access_token';
$client = new Client('f3834ee69fab4d26a01f0c1fceb0f08a', 'd938522c5058468fb8d9e6c0a987319e', Client::AUTH_TYPE_URI, $sandbox->line['ca']);
$fails = function (string $what, callable $work) {
    try {
        $work();
        echo "$what: did not fail\n";
    } catch (Exception $e) {
        echo "$what: ", get_class($e), ' ', $e->getCode(), ' ', $e->getPrevious() ? get_class($e->getPrevious()) : '-', ': ', steady($e->getMessage()), "\n";
    }
};
$fails('refused', fn () => $client->getAccessToken($url, 'password', ['password' => 'wrong'] + $sandbox->staff()));
$fails('no grant', fn () => $client->getAccessToken($url, '', []));
$fails('unknown grant', fn () => $client->getAccessToken($url, 'my_own', []));
$fails('a path as grant', fn () => $client->getAccessToken($url, '../Client', []));
foreach (['password', 'authorization_code', 'refresh_token'] as $grant) {
    $fails($grant, fn () => $client->getAccessToken($url, $grant, ['username' => 'a', 'code' => 'b']));
}
$fails('empty username, as one guide prints it', fn () => $client->getAccessToken($url, 'password', ['username' => '', 'password' => 'a']));
$fails('http', fn () => $client->getAccessToken('http://api.example/token', 'password', $sandbox->staff()));
$fails('empty URL', fn () => $client->getAccessToken('', 'password', $sandbox->staff()));
$fails('extra headers', fn () => $client->getAccessToken($url, 'password', $sandbox->staff(), ['X-A' => 'b']));
$fails('auth type', function () use ($client, $url, $sandbox) {
    $client->setClientAuthType(9);
    $client->getAccessToken($url, 'password', $sandbox->staff());
});
$client->setClientAuthType(Client::AUTH_TYPE_FORM);
$fails('certificate file', fn () => new Client('a', 'b', Client::AUTH_TYPE_URI, '/no/such.pem'));
$fails('authorize by http', fn () => $client->getAuthenticationUrl('http://api.example/authorize', 'https://app.example/cb'));
$unverified = new Client('f3834ee69fab4d26a01f0c1fceb0f08a', 'd938522c5058468fb8d9e6c0a987319e');
$fails('TLS is verified', fn () => $unverified->getAccessToken($url, 'password', $sandbox->staff()));
$fails('and stays so', fn () => $unverified->setCurlOption(64, false));
$unverified->setCurlOptions([10065 => $sandbox->line['ca'], 13 => 1]);
echo substr_count(print_r($unverified->getAccessToken($url, 'password', $sandbox->staff()), true), 'John John'), " times John\n";
$sandbox->fault('activebuilding', ['kind' => 'half_open'], times: 1);
$unverified->setCurlOption(155, 300);
$unverified->setCurlOptions([13 => 0.3]);
$fails('a silent server', fn () => $unverified->getAccessToken($url, 'password', $sandbox->staff()));
foreach ([302, 307] as $status) {
    $sandbox->fault('activebuilding', ['kind' => 'status', 'status' => $status, 'headers' => ['Location' => $sandbox->url('mybuilding')]], times: 1);
    $fails("$status", fn () => $client->getAccessToken($url, 'password', $sandbox->staff()));
}
echo $sandbox->counters('mybuilding')['connections'], " connections to where it points\n";
$sandbox->fault('activebuilding', ['kind' => 'status', 'status' => 200, 'body' => '<html></html>'], times: 1);
$fails('HTML', fn () => $client->getAccessToken($url, 'password', $sandbox->staff()));
$sandbox->fault('activebuilding', ['kind' => 'status', 'status' => 200, 'headers' => ['Content-Type' => 'application/x-www-form-urlencoded'], 'body' => 'access_token=t&scope=a+b'], times: 1);
echo json_encode($client->getAccessToken($url, 'password', $sandbox->staff())), "\n";
--EXPECT--
refused: OAuth2\Exception 400 Active\Refused: localhost refused the token request: authentication_failure (that is invalid_grant): invalid password [HTTP 400]
no grant: OAuth2\InvalidArgumentException 1 -: The grant_type is mandatory.
unknown grant: OAuth2\InvalidArgumentException 1 -: Unknown grant type 'my_own'
a path as grant: OAuth2\InvalidArgumentException 1 -: Unknown grant type '../Client'
password: OAuth2\InvalidArgumentException 4 -: The 'password' parameter must be defined for the Password grant type
authorization_code: OAuth2\InvalidArgumentException 4 -: The 'redirect_uri' parameter must be defined for the Authorization Code grant type
refresh_token: OAuth2\InvalidArgumentException 4 -: The 'refresh_token' parameter must be defined for the Refresh Token grant type
empty username, as one guide prints it: OAuth2\InvalidArgumentException 7 Active\Usage: grant: localhost needs the parameter username for password
http: OAuth2\InvalidArgumentException 7 Active\Usage: token.url: must be https, plain http would show the secrets to everyone on the way: http://api.example/token
empty URL: OAuth2\InvalidArgumentException 7 Active\Usage: token.url: must be an absolute https URL: 
extra headers: OAuth2\InvalidArgumentException 6 -: A token request has no headers but its own.
auth type: OAuth2\Exception 4 -: Unknown client auth type.
certificate file: OAuth2\InvalidArgumentException 2 -: The certificate file was not found
authorize by http: OAuth2\InvalidArgumentException 5 -: The authorization endpoint must be an https URL.
TLS is verified: OAuth2\Exception 2 Active\Untrusted: the server's certificate was not accepted, nothing was sent: the certificate of localhost:PORT comes from an authority that is not trusted: if it is a private one, give its certificate as PEM to the roots; if it is in this machine's list, use the system's roots
and stays so: OAuth2\InvalidArgumentException 6 -: The curl option 64 has no meaning here, only CURLOPT_TIMEOUT, CURLOPT_TIMEOUT_MS, CURLOPT_CONNECTTIMEOUT, CURLOPT_CONNECTTIMEOUT_MS, CURLOPT_CAINFO, CURLOPT_PROXY, CURLOPT_USERAGENT.
2 times John
a silent server: OAuth2\Exception 2 Active\NoAnswer: the token request: no answer (timeout, the request may have been sent): the deadline of 0.3 s passed while waiting for the answer of localhost:PORT
302: OAuth2\Exception 302 Active\Garbled: the token endpoint redirects to https://localhost:PORT, which is never followed; if that is the right address, set it as the endpoint [HTTP 302, empty body]
307: OAuth2\Exception 307 Active\Garbled: the token endpoint redirects to https://localhost:PORT, which is never followed; if that is the right address, set it as the endpoint [HTTP 307, empty body]
0 connections to where it points
HTML: OAuth2\Exception 200 Active\Garbled: the answer is not a JSON object [HTTP 200, body: <html></html>]
{"result":"access_token=t&scope=a+b","code":200,"content_type":"application\/x-www-form-urlencoded","access_token":"t","scope":"a b"}
