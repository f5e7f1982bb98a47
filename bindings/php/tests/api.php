<?php

/**
 * What does an API look like that wants tokens and says who issues them (RFC 9728)? `php api.php FOLDER ISSUER`: it makes itself a certificate in
 * the folder (api.pem), prints its origin, and answers until its standard input ends. /mcp is for who has a token.
 */

[, $folder, $issuer] = $argv;
file_put_contents("$folder/api.cnf", "[req]\ndefault_bits = 2048\ndistinguished_name = name\n[name]\n[own]\nsubjectAltName = DNS:localhost\nbasicConstraints = critical, CA:FALSE\n");
$settings = ['config' => "$folder/api.cnf", 'x509_extensions' => 'own', 'private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1', 'digest_alg' => 'sha256'];
$key = openssl_pkey_new($settings);
$certificate = openssl_csr_sign(openssl_csr_new(['CN' => 'localhost'], $key, $settings), null, $key, 2, $settings);
openssl_x509_export($certificate, $public);
openssl_pkey_export($key, $private, null, $settings);
file_put_contents("$folder/api.pem", $public);
file_put_contents("$folder/api_key.pem", $public . $private);

$tls = stream_context_create(['ssl' => ['local_cert' => "$folder/api_key.pem"]]);
$server = stream_socket_server('ssl://127.0.0.1:0', $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $tls);
$origin = 'https://localhost:' . explode(':', stream_socket_get_name($server, false))[1];
echo "$origin\n";

while (true) {
    $ready = [$server, STDIN];
    $none = null;
    stream_select($ready, $none, $none, null);
    if (in_array(STDIN, $ready, true)) {
        exit; // its standard input has ended
    }
    $connection = @stream_socket_accept($server, 5);
    if (!$connection) {
        continue; // who does not trust it
    }
    stream_set_timeout($connection, 5);
    $path = explode(' ', (string) fgets($connection))[1] ?? '';
    $allowed = false;
    while (($line = trim((string) fgets($connection))) !== '') {
        $allowed = $allowed || stripos($line, 'Authorization: Bearer ') === 0;
    }
    $body = json_encode(match ($path) {
        '/meta' => ['resource' => "$origin/mcp", 'authorization_servers' => [$issuer], 'scopes_supported' => ['read']],
        default => [],
    });
    $status = $path === '/meta' || $allowed ? '200 OK' : '401 Unauthorized';
    $challenge = "WWW-Authenticate: Bearer resource_metadata=\"$origin/meta\", scope=\"read\"";
    fwrite($connection, "HTTP/1.1 $status\r\n$challenge\r\nContent-Type: application/json\r\nContent-Length: " . strlen($body) . "\r\nConnection: close\r\n\r\n$body");
    fclose($connection);
}
