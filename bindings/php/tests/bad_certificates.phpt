--TEST--
Certificates that nobody may accept
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
foreach (['untrusted', 'expired', 'wrong_host'] as $origin) {
    fails(fn () => $sandbox->client('buildpass', base: $sandbox->url($origin))->token('client_credentials', ['scope' => 'read:builders']), $origin);
    echo $sandbox->counters($origin)['requests'], " requests\n";
}
fails(fn () => $sandbox->client('buildpass', agent: new Active\Agent())->token('client_credentials', ['scope' => 'read:builders']), 'bundled roots');
echo json_encode((function () use ($sandbox) {
    try {
        $sandbox->client('buildpass', base: $sandbox->url('untrusted'))->token('client_credentials', ['scope' => 'read:builders']);
    } catch (Active\Untrusted $error) {
        return [$error->kind, $error->transient, $error->errorCode, $error->body()];
    }
})()), "\n";
--EXPECT--
untrusted: Active\Untrusted: the server's certificate was not accepted, nothing was sent: the certificate of localhost:PORT comes from an authority that is not trusted: if it is a private one, give its certificate as PEM to the roots; if it is in this machine's list, use the system's roots
0 requests
expired: Active\Untrusted: the server's certificate was not accepted, nothing was sent: the certificate of localhost:PORT has expired: its owner must renew it (or this machine's clock is wrong)
0 requests
wrong_host: Active\Untrusted: the server's certificate was not accepted, nothing was sent: the certificate of localhost:PORT is for another host (DnsName("somewhere-else.example")): check the URL
0 requests
bundled roots: Active\Untrusted: the server's certificate was not accepted, nothing was sent: the certificate of localhost:PORT comes from an authority that is not trusted: if it is a private one, give its certificate as PEM to the roots; if it is in this machine's list, use the system's roots
["untrusted",false,null,null]
