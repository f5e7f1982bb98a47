<?php
/**
 * How does a user log in to a device without a browser (RFC 8628)? They enter a code on their phone: `ISSUER=… CLIENT_ID=… php device.php`.
 * tests/flows.phpt runs it against a server that others wrote.
 */

$record = Active\Provider::discover(getenv('ISSUER'));
$client = new Active\Client($record, getenv('CLIENT_ID'), auth: 'none');

$device = $client->device(['scope' => 'openid']);
echo "Open $device->verificationUri and enter $device->userCode\n";
$token = $client->poll($device);    // at the server's pace, until the user has agreed
echo 'Hello ', $client->userinfo($token)->field('/sub'), "\n";
