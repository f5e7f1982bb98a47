--TEST--
Against servers that others wrote: code and PKCE, device, DPoP, client certificates, pushed requests, discovery, registration, revocation, token exchange
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_counterparts.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';
require __DIR__ . '/counterpart.inc';

const CALLBACK = 'https://client.example/callback';
const OFFLINE = ['scope' => 'openid offline_access', 'prompt' => 'consent'];

$server = new Counterpart('oidc-provider');
/** How the server refuses; the provider's name in the message holds a port. */
$refused = function (callable $work, string $what) {
    try {
        $work();
        echo "$what: did not fail\n";
    } catch (Active\Error $error) {
        echo "$what: ", get_class($error), ' ', $error->standardCode ?? steady($error->getMessage()), "\n";
    }
};
$yes = fn (bool $so) => $so ? 'yes' : 'NO';

echo "discovery (RFC 8414)\n";
$issuer = $server->told['issuer'];
echo 'below a path: ', $yes(json_decode(Active\Provider::discover($server->told['issuers']['path'], $server->agent), true)['issuer'] === $server->told['issuers']['path']), "\n";
$refused(fn () => Active\Provider::discover("$issuer/", $server->agent), 'another issuer');
$refused(fn () => Active\Provider::discover($issuer), 'an authority that nobody trusts');

echo "code and PKCE (RFC 7636), refresh, introspection (RFC 7662), revocation (RFC 7009)\n";
$client = $server->client('basic');
$login = $client->authorize(CALLBACK, OFFLINE);
echo 'S256: ', $yes(str_contains($login->url, 'code_challenge_method=S256')), "\n";
$saved = $login->saved();
$back = $server->signIn($login->url);
$refused(function () use ($client, &$saved, $back) { $client->callback($saved, preg_replace('~state=[^&]*~', 'state=forged', $back)); }, 'a forged state');
$refused(function () use ($client, &$saved, $back) { $client->callback($saved, preg_replace('~iss=[^&]*~', 'iss=https%3A%2F%2Fattacker.example', $back)); }, 'another iss');
$token = $client->callback($saved, $back);
echo 'user: ', $client->userinfo($token)->field('/sub'), ', active: ', $yes($client->introspect($token)->field('/active')), ', login over: ', $yes($saved === null), "\n";
$kept = [];
$renewed = $client->refresh($token, function (Active\Token $new) use (&$kept) { $kept[] = $new->saved(); });
echo 'renewed and saved: ', $yes(Active\Token::restore($kept[0])->accessToken === $renewed->accessToken && $renewed->accessToken !== $token->accessToken), "\n";
$client->revoke($renewed);
echo 'revoked: ', json_encode($client->introspect($renewed)->value()), "\n";
$refused(fn () => $client->refresh($renewed), 'refresh after it');
$login = $client->authorize(CALLBACK, OFFLINE);
$refused(fn () => $client->callback($login, $server->wish('refuse', url: $login->url)), 'the user says no');

echo "device (RFC 8628)\n";
$tv = $server->client('public');
$device = $tv->device(['scope' => 'openid']);
$server->wish('approve_device', url: $device->verificationUriComplete, user: 'alice');
$token = $tv->poll(Active\Device::restore($device->saved()));
echo 'approved: ', $tv->userinfo($token)->field('/sub'), "\n";
$device = $tv->device(['scope' => 'openid']);
$server->wish('deny_device', url: $device->verificationUriComplete);
$refused(fn () => $tv->poll($device), 'denied');

echo "DPoP (RFC 9449)\n";
foreach (['dpop', 'dpop-nonce'] as $name) {
    $key = Active\Key::generate();
    $bound = $server->client($name, dpop: $key, dpopRequired: true);
    $login = $bound->push(CALLBACK, OFFLINE);
    $token = $bound->callback($login, $server->signIn($login->url));
    $api = $bound->call($token, 'GET', "$issuer/me");
    echo "$name: $token->tokenType, bound: ", $yes($bound->introspect($token)->field('/cnf/jkt') === $key->thumbprint), ', api: ', $api->json()['sub'],
        ', renewed: ', $bound->userinfo($bound->refresh($token))->field('/sub'), "\n";
    $http = stream_context_create(['http' => ['header' => "Authorization: $token->authorization", 'ignore_errors' => true],
        'ssl' => ['allow_self_signed' => true, 'verify_peer' => false]]);
    file_get_contents("$issuer/me", false, $http);
    echo 'stolen: ', preg_match('~ 40[01] ~', $http_response_header[0]) ? 'refused' : $http_response_header[0], "\n";
}

echo "pushed requests (RFC 9126)\n";
$pushing = $server->client('par');
$login = $pushing->push(CALLBACK, OFFLINE);
parse_str(parse_url($login->url, PHP_URL_QUERY), $query);
$token = $pushing->callback($login, $server->signIn($login->url));
echo implode(' ', array_keys($query)), ': ', $pushing->userinfo($token)->field('/sub'), "\n";

echo "client authentication\n";
foreach (['post', 'secret-jwt', 'key-es256', 'key-rs256', 'key-ps256', 'key-eddsa'] as $name) {
    echo "$name: ", $yes($server->client($name)->token('client_credentials')->authorization !== null), "\n";
    $wrong = str_starts_with($name, 'key-') ? ['key' => Active\Key::generate()] : ['secret' => str_repeat('w', 43)];
    $refused(fn () => $server->client($name, ...$wrong)->token('client_credentials'), 'a stranger');
}

echo "client certificates (RFC 8705)\n";
foreach (['tls' => ['client', 'self_signed'], 'tls-self-signed' => ['self_signed', 'client']] as $name => [$own, $other]) {
    $shows = $server->client($name, agent: $server->showing($own));
    $token = $shows->token('client_credentials');
    $der = base64_decode(preg_replace('~-----.*?-----|\s~', '', $server->told['certificates'][$own]['certificate']));
    $thumbprint = rtrim(strtr(base64_encode(hash('sha256', $der, true)), '+/', '-_'), '=');
    echo "$name: bound: ", $yes($shows->introspect($token)->field('/cnf/x5t#S256') === $thumbprint), "\n";
    foreach (['another' => $server->showing($other), 'none' => $server->agent] as $what => $agent) {
        $refused(fn () => $server->client($name, agent: $agent)->token('client_credentials'), $what);
    }
}
$public = $server->client('tls-public', agent: $server->showing('client'), certificateBound: true);
$login = $public->authorize(CALLBACK, OFFLINE);
$token = $public->callback($login, $server->signIn($login->url));
echo 'public: ', $public->userinfo($token)->field('/sub'), "\n";
$thief = $server->client('tls-public', agent: $server->showing('self_signed'), certificateBound: true);
$refused(fn () => $thief->userinfo($token), 'stolen');
$refused(fn () => $thief->refresh($token), 'stolen refresh token');

echo "registration (RFC 7591, 7592), resource indicators (RFC 8707), backchannel (CIBA)\n";
$registered = Active\Provider::register($server->record, ['redirect_uris' => [CALLBACK], 'client_name' => 'App'], agent: $server->agent);
$registered = Active\Registration::restore($server->record, $registered->saved(), $server->agent);
$new = $registered->client();
$login = $new->authorize(CALLBACK, ['scope' => 'openid']);
echo 'registered: ', $new->userinfo($new->callback($login, $server->signIn($login->url)))->field('/sub'), "\n";
$changed = $registered->update(['redirect_uris' => [CALLBACK], 'client_name' => 'Other']);
echo 'changed (RFC 7592): ', $changed->readAgain()->value()['client_name'], ', the same client: ', $yes($changed->clientId === $registered->clientId), "\n";
$changed->delete();
$refused(fn () => $changed->readAgain(), 'deleted');
$token = $client->token('client_credentials', ['resource' => 'https://api.example/opaque', 'scope' => 'read']);
echo 'for: ', $client->introspect($token)->field('/aud'), "\n";
$refused(fn () => $client->token('client_credentials', ['resource' => 'https://nobody.example']), 'for nobody');
echo 'backchannel: ', $client->userinfo($client->poll($client->backchannel(['scope' => 'openid', 'login_hint' => 'alice'])))->field('/sub'), "\n";

echo "a session\n";
$session = new Active\Session($server->client('dpop', dpop: Active\Key::generate()));
$login = $session->client->authorize(CALLBACK, OFFLINE);
$session->login($session->client->callback($login, $server->signIn($login->url)));
echo 'calls: ', $session->call('GET', "$issuer/me")->json()['sub'], "\n";

echo "Authlib: token exchange (RFC 8693)\n";
$authlib = new Counterpart('authlib');
$plain = $authlib->client('plain');
$first = $plain->token('password', ['username' => 'alice', 'password' => $authlib->told['users']['alice'], 'scope' => 'read']);
$exchange = fn (string $subject) => $plain->token('urn:ietf:params:oauth:grant-type:token-exchange',
    ['subject_token' => $subject, 'subject_token_type' => 'access_token', 'scope' => 'read']);
$second = $exchange($first->accessToken);
echo 'another token: ', $yes($second->accessToken !== $first->accessToken), ' ', $second->field('/issued_token_type'), "\n";
$refused(fn () => $exchange('made up'), 'a made up token');

echo "Authlib: a legacy, the token in the fragment (RFC 6749 section 4.2)\n";
$issuer = $authlib->told['issuer'];
$legacy = $authlib->client('implicit', provider: ['version' => 1, 'name' => 'legacy', 'base' => $issuer, 'issuer' => $issuer, 'token' => ['url' => '/token'],
    'authorize' => ['url' => '/authorize', 'iss' => 'required']]);
$login = $legacy->authorize(CALLBACK, ['scope' => 'read', 'response_type' => 'token']);
echo $legacy->call($legacy->callback($login, $authlib->signIn($login->url)), 'GET', '/api')->json()['user'], "\n";
--EXPECT--
discovery (RFC 8414)
below a path: yes
another issuer: Active\Untrusted metadata: it is the issuer https://localhost:PORT's, and https://localhost:PORT/ was asked; nothing of it is used
an authority that nobody trusts: Active\Untrusted the server's certificate was not accepted, nothing was sent: the certificate of localhost:PORT comes from an authority that is not trusted: if it is a private one, give its certificate as PEM to the roots; if it is in this machine's list, use the system's roots
code and PKCE (RFC 7636), refresh, introspection (RFC 7662), revocation (RFC 7009)
S256: yes
a forged state: Active\Untrusted callback: its state is not the one this login was begun with; nothing was sent on
another iss: Active\Untrusted callback: its iss is not the issuer this login was begun at; nothing was sent on
user: alice, active: yes, login over: yes
renewed and saved: yes
revoked: {"active":false}
refresh after it: Active\Refused invalid_grant
the user says no: Active\Refused access_denied
device (RFC 8628)
approved: alice
denied: Active\Refused access_denied
DPoP (RFC 9449)
dpop: DPoP, bound: yes, api: alice, renewed: alice
stolen: refused
dpop-nonce: DPoP, bound: yes, api: alice, renewed: alice
stolen: refused
pushed requests (RFC 9126)
client_id request_uri: alice
client authentication
post: yes
a stranger: Active\Refused invalid_client
secret-jwt: yes
a stranger: Active\Refused invalid_client
key-es256: yes
a stranger: Active\Refused invalid_client
key-rs256: yes
a stranger: Active\Refused invalid_client
key-ps256: yes
a stranger: Active\Refused invalid_client
key-eddsa: yes
a stranger: Active\Refused invalid_client
client certificates (RFC 8705)
tls: bound: yes
another: Active\Refused invalid_client
none: Active\Refused invalid_client
tls-self-signed: bound: yes
another: Active\Refused invalid_client
none: Active\Refused invalid_client
public: alice
stolen: Active\Refused invalid_token
stolen refresh token: Active\Refused invalid_grant
registration (RFC 7591, 7592), resource indicators (RFC 8707), backchannel (CIBA)
registered: alice
changed (RFC 7592): Other, the same client: yes
deleted: Active\Refused invalid_token
for: https://api.example/opaque
for nobody: Active\Refused invalid_target
backchannel: alice
a session
calls: alice
Authlib: token exchange (RFC 8693)
another token: yes urn:ietf:params:oauth:token-type:access_token
a made up token: Active\Refused invalid_grant
Authlib: a legacy, the token in the fragment (RFC 6749 section 4.2)
alice
