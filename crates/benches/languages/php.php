<?php

/** What does it cost from PHP? `php.php OPERATION N work|prepare`; see count. */

declare(strict_types=1);

/** One whole exchange. */
function run(Active\Exchange $exchange, string $body, ?Active\Now $now = null): void
{
    static $headers = ['content-type' => 'application/json'];
    $step = $exchange->step($now);
    $step instanceof Active\Send && $step->request->body !== '' || exit(1);
    $exchange->receive(200, $headers, $body);
    $exchange->step($now) === null && strlen($exchange->token->accessToken) === 887 || exit(1);
}

[, $operation, $n, $what] = $argv;
$body = stream_get_contents(STDIN);
$client = new Active\Client('honeywell', '9UY8NrmDtIh8GVTkNdX0Y7I6k37254a9', 'Z1947381rwgf0WkPPGPHnGik6h3LdhZ9');
$session = new Active\Session($client, grant: 'client_credentials');
run($session->beginToken(), $body);
$now = new Active\Now(1_700_000_000_000, 0);
$n = $what === 'work' ? (int) $n : 0;
for ($i = 0; $i < $n; $i++) {
    if ($operation === 'x_bp') {
        run($client->beginToken('client_credentials'), $body, $now);
    } else {
        strlen($session->authorization()) === 894 || exit(1);
    }
}
