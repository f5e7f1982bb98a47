--TEST--
Hanging, dripping and half-open servers end at the deadline
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$faults = [
    'hangs before TLS' => ['kind' => 'hang'],
    'half-open' => ['kind' => 'half_open'],
    'drips' => ['kind' => 'drip', 'bytes' => 1, 'every_ms' => 50],
    'slow headers' => ['kind' => 'slow_headers', 'bytes' => 1, 'every_ms' => 50],
    'no TLS' => ['kind' => 'garbage_tls'],
    'reset' => ['kind' => 'reset'],
    'closes' => ['kind' => 'close'],
];
$n = 0;
foreach ($faults as $what => $fault) {
    $sandbox->fault('buildpass', $fault, times: 1);
    // Another agent, or the pooled connection would be used where the fault strikes a new one.
    $client = $sandbox->client('buildpass', agent: $sandbox->agent(deadline: 0.6, connectTimeout: 0.3, userAgent: 'test/' . ++$n));
    $took = seconds(fn () => fails(fn () => $client->token('client_credentials', ['scope' => 'read:builders']), $what));
    echo $took < 1.2 ? '' : "  took $took s\n";
    $sandbox->order('DELETE', '/fault');
}
$nobody = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($nobody, false);
fclose($nobody);
fails(fn () => $sandbox->client('buildpass', base: "https://$address")->token('client_credentials', ['scope' => 'a']), 'nobody listens');
try {
    $sandbox->client('buildpass', base: 'https://no-such-name.invalid')->token('client_credentials', ['scope' => 'a']);
} catch (Active\NoAnswer $error) {
    echo "no such name: $error->errorCode\n";
}
--EXPECT--
hangs before TLS: Active\NoAnswer [timeout]: the token request: no answer (timeout, nothing was sent): the TLS handshake took longer than 0.3 s (localhost:PORT)
half-open: Active\NoAnswer [timeout]: the token request: no answer (timeout, the request may have been sent): the deadline of 0.6 s passed while waiting for the answer of localhost:PORT
drips: Active\NoAnswer [timeout]: the token request: no answer (timeout, the request may have been sent): the deadline of 0.6 s passed while waiting for the answer of localhost:PORT
slow headers: Active\NoAnswer [timeout]: the token request: no answer (timeout, the request may have been sent): the deadline of 0.6 s passed while waiting for the answer of localhost:PORT
no TLS: Active\NoAnswer [tls]: the token request: no answer (tls, nothing was sent): what localhost:PORT answered is not TLS; is it https, and the right port?
reset: Active\NoAnswer [cut]: the token request: no answer (cut, the request may have been sent): localhost:PORT ended the connection before its answer was complete
closes: Active\NoAnswer [cut]: the token request: no answer (cut, the request may have been sent): localhost:PORT ended the connection before its answer was complete
nobody listens: Active\NoAnswer [connect]: the token request: no answer (connect, nothing was sent): no connection to 127.0.0.1:PORT: connection refused, nothing listens there
no such name: name
