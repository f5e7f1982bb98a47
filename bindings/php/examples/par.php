<?php
/**
 * How does a user log in without the browser seeing what is asked for (RFC 9126, with PKCE, RFC 7636)? A page for a web server:
 * `ISSUER=… CLIENT_ID=… BASE=http://127.0.0.1:8080 php -S 127.0.0.1:8080 par.php`.
 *
 * /login pushes the request and sends the browser to the provider; /callback, to which the browser comes back, exchanges the code. What lies
 * between is one text in the session. tests/flows.phpt is the browser, at a server that others wrote.
 */

session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'use_strict_mode' => true]);
header('Content-Type: text/plain; charset=utf-8');

try {
    // What the provider says of itself, read once for each user. A real page keeps it for all of them.
    $_SESSION['provider'] ??= Active\Provider::discover(getenv('ISSUER'));
    $client = new Active\Client($_SESSION['provider'], getenv('CLIENT_ID'), auth: 'none');
    switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
        case '/login':
            $login = $client->push(getenv('BASE') . '/callback', ['scope' => 'openid']);
            $_SESSION['login'] = $login->saved();
            header("Location: $login->url", true, 302);
            break;
        case '/callback':
            // It sets $_SESSION['login'] to null once the callback was found to be this login's.
            $token = $client->callback($_SESSION['login'], $_SERVER['QUERY_STRING'] ?? '');
            session_regenerate_id(true);
            $_SESSION['user'] = $client->userinfo($token)->field('/sub');
            header('Location: /', true, 303);
            break;
        case '/':
            echo isset($_SESSION['user']) ? "Hello $_SESSION[user]" : 'Nobody is logged in: go to /login';
            break;
        default:
            http_response_code(404);
    }
} catch (Active\Expired | Active\Refused $error) {
    http_response_code(403);
    echo 'Please log in again: ', $error->standardCode ?? $error->kind;
} catch (Active\Untrusted) {
    http_response_code(400);
    echo 'That was no answer to a login of yours.';
} catch (Active\Error $error) {
    http_response_code(502);
    echo $error->getMessage();
}
