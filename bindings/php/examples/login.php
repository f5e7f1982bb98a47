<?php
/**
 * How does a user log in by the browser, in two PHP requests? A page for a web server: `php -S localhost:8080 login.php`.
 *
 * The first request sends the browser to the provider; the second, to which the browser comes back, exchanges the code. What lies between
 * is one text in the session. tests/examples.phpt runs both against the sandbox.
 */

session_start();
$client = new Active\Client('honeywell', getenv('CLIENT_ID'), secret: getenv('CLIENT_SECRET'), base: getenv('BASE') ?: null);

try {
    if (isset($_GET['state'])) {
        $token = $client->callback($_SESSION['login'], $_SERVER['QUERY_STRING']);
        $_SESSION['token'] = $token->saved();
    } elseif (isset($_SESSION['token'])) {
        $token = Active\Token::restore($_SESSION['token']);
    } else {
        $login = $client->authorize('http://localhost:8080/callback');
        $_SESSION['login'] = $login->saved();
        header("Location: $login->url", true, 302);
        exit;
    }
    // Tokens die early: renewed once, saved before it is used, and the call repeated once.
    $save = fn (Active\Token $token) => $_SESSION['token'] = $token->saved();
    $reply = $client->call($token, 'GET', '/v2/locations', save: $save);
    header('Content-Type: text/plain');
    echo "HTTP $reply->status\n";
} catch (Active\Expired) {
    unset($_SESSION['login'], $_SESSION['token']);
    echo 'Please log in again.';
} catch (Active\Error $error) {
    http_response_code(502);
    echo htmlspecialchars($error->getMessage());
}
