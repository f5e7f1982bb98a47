<?php
/**
 * How does a program that knows nothing but an API's URL get from its 401 to a call that succeeds, as the Model Context Protocol has it
 * (RFC 9728, RFC 8414, RFC 7591)? `API=… php from_a_401.php`. tests/examples_flows.phpt runs it against a server that others wrote.
 */

const CALLBACK = 'https://client.example/callback';

// Any HTTP client will do: after() takes what PSR-7's getHeader('WWW-Authenticate') gives, too.
$url = getenv('API');
$refusal = array_change_key_case(get_headers($url, associative: true))['www-authenticate'] ?? null;

$access = new Active\Access($url, register: ['redirect_uris' => [CALLBACK], 'client_name' => 'Example']);
$admission = $access->after($refusal);
echo 'Keep the registration of ', $admission->client->id, " for the next start, or there will be another one.\n";

$login = $admission->client->authorize(CALLBACK, $admission->parameters);
echo "Log in at $login->url\nand paste the URL that you come back to: ";
$token = $admission->client->callback($login, trim(fgets(STDIN)));
echo 'HTTP ', $admission->client->call($token, 'GET', $url)->status, "\n";
