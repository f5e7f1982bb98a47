--TEST--
Active\Challenge: parse() and Reply::challenges() read a WWW-Authenticate by its whole grammar
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$show = function (string|array $header) {
    foreach (Active\Challenge::parse($header) as $challenge) {
        $seen = array_filter(get_object($challenge), fn ($value) => $value !== null && $value !== []);
        echo json_encode($seen, JSON_UNESCAPED_SLASHES), "\n";
    }
    echo "--\n";
};
function get_object(Active\Challenge $challenge): array
{
    $names = ['scheme', 'error', 'errorDescription', 'scope', 'resourceMetadata', 'acrValues', 'maxAge', 'realm', 'token68', 'parameters'];
    return array_combine($names, array_map(fn ($name) => $challenge->$name, $names));
}

$show('Bearer');
// RFC 6750 section 3, RFC 9728 section 5.1, RFC 9470 section 3.
$show('Bearer realm="example", error="invalid_token", error_description="The access token expired"');
$show('Bearer resource_metadata="https://resource.example.com/.well-known/oauth-protected-resource", scope="read write"');
$show('Bearer error="insufficient_user_authentication", acr_values="myACR other", max_age="5"');
// Several in one header, and several headers; a quoted comma, an escaped quote, a token68.
$show('Newauth realm="apps", type=1, title="Login to \"apps\", now", Basic realm="simple"');
$show(['DPoP algs="ES256 PS256", error="use_dpop_nonce"', 'Negotiate YWJj==']);
$show('Bearer max_age=soon');
$show('Bearer 7="seven"');
// Nothing in it.
$show('');
$show([]);
$show('=, "');
fails(fn () => Active\Challenge::parse(7), 'a number');
fails(fn () => Active\Challenge::parse([[]]), 'a list of lists');
fails(fn () => Active\Challenge::parse("Bearer \0"), 'NUL');
fails(fn () => new Active\Challenge(), 'new');
$challenge = Active\Challenge::parse('Negotiate YWJj==')[0];
fails(fn () => $challenge->scheme = 'Bearer', 'write');
fails(fn () => $challenge->title, 'no such property');
fails(fn () => clone $challenge, 'clone');
var_dump($challenge);

$client = new Active\Client(['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'token' => ['url' => '/token'],
    'api' => ['base' => 'https://api.example']], 'id', secret: 's', carry: fn () => $GLOBALS['answer']);
$answer = [200, [], '{"access_token":"a","token_type":"Bearer"}'];
$token = $client->token('client_credentials');
$answer = [403, ['WWW-Authenticate' => ['Bearer error="insufficient_scope", scope="write"', 'Basic realm="x"']], ''];
$challenges = $client->call($token, 'GET', '/x')->challenges();
echo count($challenges), ' ', $challenges[0]->error, ' ', $challenges[0]->scope, ' ', $challenges[1]->scheme, "\n";

echo "another login is wanted (RFC 9470)\n";
$demand = 'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="5", scope="accounts"';
$record = ['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'authorize' => ['url' => '/authorize'], 'token' => ['url' => '/token', 'auth' => 'none'],
    'endpoints' => ['pushed_authorization_request' => '/par']];
$app = new Active\Client($record, 'app', carry: fn () => $GLOBALS['answer']);
$asked = function (string $query) { parse_str($query, $asked); return json_encode(array_intersect_key($asked, ['acr_values' => 0, 'max_age' => 0, 'scope' => 0])); };
$wanted = Active\Challenge::stepUp(['Basic realm=a', $demand]);
$login = $app->authorize('https://app.example/callback', ['scope' => 'openid', 'max_age' => 600], stepUp: $wanted);
echo $wanted->scheme, ' ', $asked(parse_url($login->url, PHP_URL_QUERY)), "\n";
echo $asked($app->beginPush('https://app.example/callback', stepUp: $wanted)->step()->request->body), "\n";
var_dump($client->call($token, 'GET', '/x')->stepUp()->scope, Active\Challenge::stepUp('Bearer'), Active\Challenge::stepUp(''));
fails(fn () => Active\Challenge::stepUp("\0"), 'NUL');
fails(fn () => $app->authorize('https://app.example/callback', stepUp: $demand), 'a text');
$answer = [200, [], ''];
var_dump($client->call($token, 'GET', '/x')->challenges(), $client->call($token, 'GET', '/x')->stepUp());
--EXPECT--
{"scheme":"Bearer"}
--
{"scheme":"Bearer","error":"invalid_token","errorDescription":"The access token expired","realm":"example","parameters":{"realm":"example","error":"invalid_token","error_description":"The access token expired"}}
--
{"scheme":"Bearer","scope":"read write","resourceMetadata":"https://resource.example.com/.well-known/oauth-protected-resource","parameters":{"resource_metadata":"https://resource.example.com/.well-known/oauth-protected-resource","scope":"read write"}}
--
{"scheme":"Bearer","error":"insufficient_user_authentication","acrValues":"myACR other","maxAge":5,"parameters":{"error":"insufficient_user_authentication","acr_values":"myACR other","max_age":"5"}}
--
{"scheme":"Newauth","realm":"apps","parameters":{"realm":"apps","type":"1","title":"Login to \"apps\", now"}}
{"scheme":"Basic","realm":"simple","parameters":{"realm":"simple"}}
--
{"scheme":"DPoP","error":"use_dpop_nonce","parameters":{"algs":"ES256 PS256","error":"use_dpop_nonce"}}
{"scheme":"Negotiate","token68":"YWJj=="}
--
{"scheme":"Bearer","parameters":{"max_age":"soon"}}
--
{"scheme":"Bearer","parameters":{"7":"seven"}}
--
--
--
--
a number: TypeError: Active\Challenge::parse(): Argument #1 ($wwwAuthenticate) must be of type array|string, int given
a list of lists: Active\Usage: wwwAuthenticate: www-authenticate must be a string or a number, array given
NUL: Active\Usage: wwwAuthenticate: www-authenticate holds a NUL byte
new: Error: Call to private Active\Challenge::__construct() from global scope
write: Error: Active\Challenge::$scheme is read-only
no such property: Error: Undefined property Active\Challenge::$title
clone: Error: Trying to clone an uncloneable object of class Active\Challenge
object(Active\Challenge)#3 (10) {
  ["scheme"]=>
  string(9) "Negotiate"
  ["error"]=>
  NULL
  ["errorDescription"]=>
  NULL
  ["scope"]=>
  NULL
  ["resourceMetadata"]=>
  NULL
  ["acrValues"]=>
  NULL
  ["maxAge"]=>
  NULL
  ["realm"]=>
  NULL
  ["token68"]=>
  string(10) "[redacted]"
  ["parameters"]=>
  array(0) {
  }
}
2 insufficient_scope write Basic
another login is wanted (RFC 9470)
Bearer {"acr_values":"gold silver","max_age":"5","scope":"openid accounts"}
{"acr_values":"gold silver","max_age":"5","scope":"accounts"}
string(5) "write"
NULL
NULL
NUL: Active\Usage: wwwAuthenticate: www-authenticate holds a NUL byte
a text: TypeError: Active\Client::authorize(): Argument #5 ($stepUp) must be of type ?Active\Challenge, string given
array(0) {
}
NULL
