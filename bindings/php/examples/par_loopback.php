<?php
/**
 * How does a program on a desktop log its user in by their browser (RFC 8252)? Pushed (RFC 9126), with PKCE, back to a port of this machine:
 * `ISSUER=… CLIENT_ID=… php par_loopback.php`. tests/examples_flows.phpt runs it against a server that others wrote.
 */

$record = Active\Provider::discover(getenv('ISSUER'));
$client = new Active\Client($record, getenv('CLIENT_ID'), auth: 'none');

$loopback = new Active\Loopback(app: 'the example');
$login = $client->push($loopback->redirectUri, ['scope' => 'openid']);
$loopback->onlyFor($login);
if (!Active\Loopback::openBrowser($login->url)) {
    echo "No browser could be started. Open it yourself: $login->url\n";
}
// The ID token that comes with it was checked before the token is handed out.
$token = $client->callback($login, $loopback->callback());
echo 'Hello ', $client->idToken($token)->field('/sub'), "\n";
