--TEST--
Active\Access: from an API's 401 to an Active\Admission, and what is wrong on the way
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

const CALLBACK = 'https://app.example/callback';
$refusal = 'Bearer resource_metadata="https://api.example/meta", scope="read"';
$resource = '{"resource":"https://api.example/mcp","authorization_servers":["https://login.example"],"scopes_supported":["read","write"]}';
$server = ['issuer' => 'https://login.example', 'authorization_endpoint' => 'https://login.example/authorize', 'token_endpoint' => 'https://login.example/token',
    'registration_endpoint' => 'https://login.example/register', 'response_types_supported' => ['code'], 'code_challenge_methods_supported' => ['S256'],
    'token_endpoint_auth_methods_supported' => ['none', 'client_secret_basic']];
/** Steps to the end: each answer is for a URL that ends so. */
$to_end = function (Active\Exchange $exchange, array $answers, bool $tell = true): mixed {
    while ($step = $exchange->step()) {
        [$end, $answer] = array_shift($answers) ?? ['', [404, [], '']];
        if ($tell) {
            echo '  ', $step->request->method, ' ', $step->request->url, ' ', $step->request->body, "\n";
        }
        assert(str_ends_with($step->request->url, $end));
        $exchange->receive(...$answer);
    }
    return $exchange->result;
};
$ok = fn (mixed $body) => [200, ['Content-Type' => 'application/json'], is_string($body) ? $body : json_encode($body)];
$registered = [201, [], '{"client_id":"made","client_secret":"made-secret","client_secret_expires_at":0,"registration_access_token":"manage","registration_client_uri":"https://login.example/register/made","token_endpoint_auth_method":"client_secret_basic"}'];

$access = new Active\Access('https://api.example/mcp', register: ['redirect_uris' => [CALLBACK]], initialAccessToken: 'initial');
$admission = $to_end($access->beginAfter($refusal), [['/meta', $ok($resource)], ['', $ok($server)], ['/register', $registered]]);
echo get_class($admission), ' ', $admission->client->id, ' ', $admission->scope, ' ', json_encode($admission->parameters, JSON_UNESCAPED_SLASHES), "\n";
echo $admission->resource->field('/resource'), ' ', $admission->registration->clientSecret, ' ', json_decode($admission->record)->issuer, "\n";
$back = CALLBACK . '?code=c';
$login = $admission->client->authorize(CALLBACK, $admission->parameters);
parse_str(parse_url($login->url, PHP_URL_QUERY), $query);
echo explode('?', $login->url)[0], " $query[client_id] $query[resource] $query[scope] $query[code_challenge_method]\n";
$token = $to_end($admission->client->beginCallback($login, "$back&state=$query[state]"), [['/token', $ok('{"access_token":"a","token_type":"Bearer"}')]], false);
echo $admission->client->beginCall($token, 'GET', 'https://api.example/mcp')->step()->request->headers['authorization'][0], "\n";
fails(fn () => $admission->client->call($token, 'GET', 'https://elsewhere.example/mcp'), 'a call to elsewhere');
var_dump($admission);

echo "at the next start\n";
$again = Active\Registration::restore($admission->record, $admission->registration->saved())->client();
echo $again->id, ' ', $again->beginToken('client_credentials')->step()->request->headers['authorization'][0], "\n";

echo "the program's own document\n";
$reads = $server + ['client_id_metadata_document_supported' => true];
$own = new Active\Access('https://api.example/mcp', clientDocument: 'https://app.example/client.json');
$admission = $to_end($own->beginAfter([$refusal]), [['/meta', $ok($resource)], ['', $ok($reads)]], false);
var_dump($admission->client->id, $admission->registration);

echo "no header at all\n";
$admission = $to_end($own->beginAfter(), [['/mcp', $ok($resource)], ['', $ok($reads)]]);
echo $admission->scope, "\n";

echo "what is wrong\n";
$wrong = fn (array $answers, string $what, ?Active\Access $by = null) => fails(fn () => $to_end(($by ?? $access)->beginAfter($refusal), $answers, false), $what);
$wrong([['/meta', $ok(str_replace('api.example', 'other.example', $resource))]], 'another API\'s document');
$wrong([['/meta', $ok($resource)], ['', $ok(['issuer' => 'https://evil.example'] + $server)]], 'another issuer\'s');
$wrong([['/meta', $ok($resource)], ['', $ok(array_diff_key($server, ['code_challenge_methods_supported' => 0]))]], 'no PKCE');
$wrong([['/meta', $ok($resource)], ['', $ok($server)], ['', [400, [], '{"error":"invalid_redirect_uri"}']]], 'not registered');
$wrong([['/meta', $ok($resource)], ['', $ok($server)]], 'no way to become known', new Active\Access('https://api.example/mcp'));
$wrong([['/meta', $ok('{}')]], 'garbled');
$wrong([], 'plain http', new Active\Access('http://api.example/mcp'));
$wrong([], 'no URL', new Active\Access('mcp'));
fails(fn () => new Active\Access("https://api.example/\0"), 'NUL');
fails(fn () => new Active\Access('https://api.example', register: ['client_name' => "\xff"]), 'not UTF-8');
fails(fn () => $access->__construct('https://other.example'), 'made twice');
fails(fn () => $access->after(7), 'no header');
fails(fn () => $access->after($refusal, new Active\Agent(proxy: 'http://127.0.0.1:1')), 'nobody there');
fails(fn () => new Active\Admission(), 'new');
var_dump($access);

echo "a document of one's own\n";
$document = fn (string|array $metadata, string $id = 'https://app.example/client.json') => Active\Client::document($id, $metadata);
$metadata = ['redirect_uris' => [CALLBACK], 'client_name' => 'App'];
$written = json_decode($document($metadata), true);
echo json_encode($written, JSON_UNESCAPED_SLASHES), ' ', json_encode($document(json_encode($metadata)) === $document($metadata)), "\n";
fails(fn () => $document(['client_secret' => 'secret'] + $metadata), 'a secret');
fails(fn () => $document(['client_id' => 'other'] + $metadata), 'another id');
fails(fn () => $document([]), 'no redirect_uris');
fails(fn () => $document('no JSON'), 'no JSON');
fails(fn () => $document(['client_name' => str_repeat('x', 5200)] + $metadata), 'too large');
fails(fn () => $document($metadata, 'https://app.example/'), 'no path');
fails(fn () => $document($metadata, 'http://app.example/client.json'), 'plain http');
fails(fn () => $document($metadata, "https://app.example/c\0"), 'NUL');
--EXPECT--
GET https://api.example/meta 
  GET https://login.example/.well-known/oauth-authorization-server 
  POST https://login.example/register {"redirect_uris":["https://app.example/callback"]}
Active\Admission made read {"resource":"https://api.example/mcp","scope":"read"}
https://api.example/mcp made-secret https://login.example
https://login.example/authorize made https://api.example/mcp read S256
Bearer a
a call to elsewhere: Active\Usage: call: the token belongs to https://api.example:443, so it is not sent to https://elsewhere.example:443
object(Active\Admission)#7 (6) {
  ["client"]=>
  object(Active\Client)#8 (2) {
    ["provider"]=>
    string(6) "record"
    ["id"]=>
    string(4) "made"
  }
  ["resource"]=>
  object(Active\Document)#9 (1) {
    ["answer"]=>
    string(10) "[redacted]"
  }
  ["registration"]=>
  object(Active\Registration)#10 (3) {
    ["clientId"]=>
    string(4) "made"
    ["clientSecret"]=>
    string(10) "[redacted]"
    ["clientSecretExpiresAt"]=>
    NULL
  }
  ["scope"]=>
  string(4) "read"
  ["parameters"]=>
  array(2) {
    ["resource"]=>
    string(23) "https://api.example/mcp"
    ["scope"]=>
    string(4) "read"
  }
  ["record"]=>
  string(645) "{"authorize":{"iss":"optional","pushed":"optional","url":"https://login.example/authorize"},"endpoints":{"registration":"https://login.example/register"},"issuer":"https://login.example","name":"login.example","token":{"auth":"basic","url":"https://login.example/token"},"version":1,"x-metadata":{"authorization_endpoint":"https://login.example/authorize","code_challenge_methods_supported":["S256"],"issuer":"https://login.example","registration_endpoint":"https://login.example/register","response_types_supported":["code"],"token_endpoint":"https://login.example/token","token_endpoint_auth_methods_supported":["none","client_secret_basic"]}}"
}
at the next start
made Basic bWFkZTptYWRlLXNlY3JldA==
the program's own document
string(31) "https://app.example/client.json"
NULL
no header at all
  GET https://api.example/.well-known/oauth-protected-resource/mcp 
  GET https://login.example/.well-known/oauth-authorization-server 
read write
what is wrong
another API's document: Active\Untrusted: metadata: it is about the resource https://other.example/mcp, and https://api.example/mcp was asked; nothing of it is used
another issuer's: Active\Untrusted: metadata: it is the issuer https://evil.example's, and https://login.example was asked; nothing of it is used
no PKCE: Active\Untrusted: metadata: login.example does not say that it checks PKCE with S256, so no login is begun there
not registered: Active\Refused [invalid_redirect_uri/invalid_redirect_uri]: login.example refused the registration: invalid_redirect_uri [HTTP 400]
no way to become known: Active\Usage: access: login.example knows no client of this program; give what it takes: metadata to register with
garbled: Active\Garbled: the metadata does not say which resource it is about [HTTP 200, body: {}]
plain http: Active\Usage: resource: must be https, plain http would show the secrets to everyone on the way: http://api.example/mcp
no URL: Active\Usage: resource: must be an absolute https URL: mcp
NUL: Active\Usage: url: holds a NUL byte
not UTF-8: Active\Usage: register: cannot be encoded as JSON, is a text in it not UTF-8?
made twice: Error: Active\Access is made already
no header: TypeError: Active\Access::after(): Argument #1 ($wwwAuthenticate) must be of type array|string|null, int given
nobody there: Active\NoAnswer [proxy]: the request for what the resource is: no answer (proxy, nothing was sent): no connection through the proxy: connection refused, nothing listens there
new: Error: Call to private Active\Admission::__construct() from global scope
object(Active\Access)#3 (0) {
}
a document of one's own
{"client_id":"https://app.example/client.json","client_name":"App","redirect_uris":["https://app.example/callback"],"token_endpoint_auth_method":"none"} true
a secret: Active\Usage: client document: client_secret has no place in a document that everybody can read
another id: Active\Usage: client document: its client_id is not the URL it will be published at (simple string comparison)
no redirect_uris: Active\Usage: client document: redirect_uris is missing: a server has no other word of where codes may go
no JSON: Active\Usage: client document: not JSON …
too large: Active\Usage: client document: it has 5349 bytes, and servers read 5120 at most
no path: Active\Usage: client_id: the URL of a client's document has a path: https://app.example/
plain http: Active\Usage: client_id: must be https, plain http would show the secrets to everyone on the way: http://app.example/client.json
NUL: Active\Usage: client_id: holds a NUL byte
