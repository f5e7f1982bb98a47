<?php
/**
 * A worker of the fleet, in PHP: the protocol is in crates/fleet/src/worker.rs.
 */
declare(strict_types=1);

$berth = json_decode(fgets(STDIN), true, flags: JSON_THROW_ON_ERROR);
$client = new Active\Client(
    'buildpass',
    $berth['client_id'],
    secret: $berth['client_secret'],
    base: $berth['base'],
    agent: new Active\Agent(roots: $berth['ca'], deadline: $berth['deadline_ms'] / 1000),
);
$session = new Active\Session($client, $berth['store'], user: $berth['user']);
echo json_encode(['ready' => true]), "\n";

while (($line = fgets(STDIN)) !== false) {
    $calls = (int) substr($line, strlen('go '));
    $said = ['ok' => 0, 'failed' => 0, 'error' => null];
    for ($call = 0; $call < $calls; $call++) {
        try {
            $status = $session->call('GET', '/v1/builders')->status;
            $error = $status === 200 ? null : "HTTP $status";
        } catch (Active\Error $failure) {
            $error = $failure->getMessage();
        }
        $said[$error === null ? 'ok' : 'failed']++;
        $said['error'] = $error ?? $said['error'];
    }
    echo json_encode($said), "\n";
}
