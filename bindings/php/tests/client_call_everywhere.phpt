--TEST--
Each provider's API, with its own way to carry the token
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
foreach (['activebuilding', 'mybuilding'] as $provider) {
    $client = $sandbox->client($provider);
    $staff = $client->token('password', $sandbox->staff($provider));
    $community = $client->call($staff, 'GET', '/communities')->json()['response']['communities']['community'][0][0];
    $packages = $client->call($staff, 'GET', '/packages', query: ['communityId' => $community['communityId']])->json();
    echo "$provider: $community[communityId] $community[title], ", count($packages['response']['packages']['package']), " packages for staff, ";
    $resident = $client->token('password', $sandbox->staff($provider, 'resident'));
    $packages = $client->call($resident, 'GET', '/packages', query: ['communityId' => $community['communityId']])->json();
    echo count($packages['response']['packages']['package']), " for {$resident->user->userType}\n";
    $new = ['communityId' => '10', 'userId' => '2201', 'description' => 'A parcel'];
    echo '  add: ', $client->call($staff, 'POST', '/packages', form: $new)->json()['status'], ', ',
        $client->call($resident, 'POST', '/packages', form: $new)->json()['status'], "\n";
}
$client = $sandbox->client('buildpass');
$token = $client->token('client_credentials', ['scope' => 'read:builders']);
$reply = $client->call($token, 'GET', '/v1/builders');
echo 'buildpass: ', $reply->json()['data'][0]['name'], ', another scope: ';
$reply = $client->call($token, 'GET', '/v1/swms');
echo $reply->status, ' ', $reply->header('WWW-Authenticate'), "\n";
$client = $sandbox->client('honeywell');
$token = $client->token('client_credentials');
echo 'honeywell: ', $client->call($token, 'GET', '/v2/locations', headers: ['UserRefID' => $sandbox->line['credentials']['honeywell']['user_ref_id']])->status, ', without its user: ',
    $client->call($token, 'GET', '/v2/locations')->status, "\n";
$token = $sandbox->login($client);
// It dies before its stated time.
$sandbox->revoke('honeywell');
$reply = $client->call($token, 'GET', '/v2/locations', save: fn () => print("saved\n"));
echo $reply->status, ' ', $reply->renewed !== null ? 'renewed' : 'the same', "\n";
// It dies at its stated time, by the sandbox's clock.
$token = $reply->token;
$sandbox->order('POST', '/clock', ['advance_ms' => 3600 * 1000]);
$reply = $client->call($token, 'GET', '/v2/locations');
echo $reply->status, ' ', $reply->renewed !== null ? 'renewed' : 'the same', "\n";
--EXPECT--
activebuilding: 10 140 Riverside, 3 packages for staff, 2 for RESIDENT
  add: success, failed
mybuilding: 10 140 Riverside, 3 packages for staff, 2 for RESIDENT
  add: success, failed
buildpass: Riverside Constructions, another scope: 403 Bearer realm="BuildPass", error="insufficient_scope", error_description="The token does not cover this resource", scope="read:swms"
honeywell: 200, without its user: 400
saved
200 renewed
200 renewed
