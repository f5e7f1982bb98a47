<?php

/**
 * What does PHP see? Every class, method and default of the extension. active_arginfo.h is generated from this file by ./gen;
 * IDEs and static analysers read it as it is.
 *
 * Times are milliseconds since the Unix epoch where they are a moment (…At), and seconds where they are a length.
 * All classes but the errors and Now: no clone, no serialize(), and var_dump, print_r, var_export, json_encode and (array)
 * show no secret. Every property is read-only.
 *
 * @generate-class-entries
 */

namespace Active;

/**
 * Carries requests over HTTPS. Agents with the same settings share one pool of connections, which lives as long as the
 * process (in a ZTS build: the thread): an FPM worker keeps its TLS connection from one PHP request to the next.
 * A client that is given no agent uses one that is made of the ini settings active.roots and active.proxy.
 *
 * @property-read float $deadline
 * @property-read float $connectTimeout
 * @property-read int $maxBody
 * @property-read float $idle
 * @strict-properties
 * @not-serializable
 */
final class Agent
{
    /**
     * @param string $roots whom to trust: 'bundled' (Mozilla's list), 'system', the path of a PEM file (at most 4 MiB), or PEM text
     * @param string|null $proxy a URL, or 'environment' for HTTPS_PROXY, ALL_PROXY and NO_PROXY
     * @param float $deadline seconds for one request, from the name look-up to the answer's last byte
     * @param float $connectTimeout seconds for look-up, connection and TLS
     * @param int $maxBody bytes of an answer after decompression
     * @param string|null $certificate what to show to servers that ask who the client is (RFC 8705), with its intermediates behind it: the path
     *     of a PEM file, or PEM text. Every server that asks sees it: use the agent for the clients of that certificate alone.
     * @param string|null $key the certificate's private key, likewise, not encrypted; left out where $certificate holds it too
     * @param float $idle seconds that a connection may rest before another takes its place
     * @throws Usage where one of them cannot be right; what is wrong inside a PEM is told by the first exchange
     */
    public function __construct(
        string $roots = 'bundled',
        #[\SensitiveParameter]
        ?string $proxy = null,
        float $deadline = 30.0,
        float $connectTimeout = 10.0,
        int $maxBody = 1048576,
        ?string $userAgent = null,
        #[\SensitiveParameter]
        ?string $certificate = null,
        #[\SensitiveParameter]
        ?string $key = null,
        float $idle = 15.0
    ) {}
}

/**
 * A private key with the one algorithm that it signs by: for private_key_jwt, and for tokens that are bound to it (DPoP).
 *
 * @property-read string|null $thumbprint RFC 7638: what a server binds tokens to; null for a key that lives elsewhere and did not tell its public half
 * @strict-properties
 * @not-serializable
 */
final class Key
{
    private function __construct() {}

    /**
     * @param string $algorithm 'ES256', 'RS256', 'PS256' or 'EdDSA'
     * @param string $pem PKCS #8, PKCS #1 or SEC 1, not encrypted
     * @param string|null $id the kid by which the server finds the public half
     * @throws Usage
     */
    public static function fromPem(string $algorithm, #[\SensitiveParameter] string $pem, ?string $id = null): Key {}

    /**
     * @param string|array $jwk RFC 7517, with its kid unless $id is another
     * @throws Usage
     */
    public static function fromJwk(string $algorithm, #[\SensitiveParameter] string|array $jwk, ?string $id = null): Key {}

    /**
     * A new key, which ends with the process: for tokens that nobody keeps.
     * @param string $algorithm 'ES256' or 'EdDSA'
     * @throws Usage
     */
    public static function generate(string $algorithm = 'ES256', ?string $id = null): Key {}

    /**
     * A new key as PEM (PKCS #8) for fromPem(). A secret, to be kept where only this program reads it.
     * @param string $algorithm 'ES256' or 'EdDSA'
     * @throws Usage
     */
    public static function generatePem(string $algorithm = 'ES256'): string {}

    /**
     * A key that lives elsewhere: in an HSM, a smart card, a key service.
     *
     *     $key = Active\Key::fromSigner('ES256', fn (string $message) => $hsm->sign($message), id: '2026-11');
     *
     * @param string $algorithm 'ES256', 'RS256', 'PS256', 'EdDSA', …
     * @param callable $sign callable(string $message): string gives the raw signature (RFC 7518 section 3; for ECDSA r and s behind each other, not DER).
     *     What it throws is the previous of the error that follows. It is called in the midst of a step, so it can use neither the exchange that
     *     is stepped nor switch fibers, and should give up in time.
     * @param string|array|null $publicJwk its public half (RFC 7517), which DPoP needs
     * @param string|null $id the kid by which the server finds the public half, where it is not the JWK's own
     * @throws Usage
     */
    public static function fromSigner(string $algorithm, callable $sign, string|array|null $publicJwk = null, ?string $id = null): Key {}

    /** The public half with kid, alg and use, for the server: publish it in a set, ['keys' => [...]], or register it. Empty for a key that lives elsewhere. */
    public function publicJwk(): array {}

    /**
     * Claims as a signed JWT (RFC 7519), as for a grant by assertion (RFC 7523):
     *
     *     $client->token('urn:ietf:params:oauth:grant-type:jwt-bearer', ['assertion' => $key->signJwt(['iss' => …, 'sub' => …, 'aud' => …, 'exp' => …])]);
     *
     * @param string|array $claims an array or JSON text
     * @param string|null $typ the header's (RFC 8725 section 3.11)
     * @return string a secret: whoever has it may be able to use it
     * @throws Error
     */
    public function signJwt(#[\SensitiveParameter] string|array $claims, ?string $typ = null): string {}

    /**
     * The thumbprint of any public key (RFC 7638): what a token that is bound to it names as cnf.jkt.
     * @param string|array $jwk RFC 7517; private members of it do not count
     * @throws Usage where it is no JWK of an asymmetric key
     */
    public static function thumbprintOf(#[\SensitiveParameter] string|array $jwk): string {}
}

/**
 * A signed text whose signature was checked. Its claims were not: issuer, audience and times are the program's to check.
 *
 *     $claims = Active\Jws::verify($logoutToken, $jwks, 'ES256', 'logout+jwt')->claims();
 *
 * A client checks what its own provider signed by itself; this is for what else is signed, as a request object or a logout token.
 *
 * @property-read string $algorithm it was signed by
 * @property-read string|null $keyId the kid in its header
 * @property-read string $payload what was signed, a secret
 * @strict-properties
 * @not-serializable
 */
final class Jws
{
    private function __construct() {}

    /**
     * Checks the signature of a JWS in compact form (RFC 7515), up to 64 KiB, with the one key of the set that fits.
     * @param string|array $jwks the set: ['keys' => [...]], or its JSON text
     * @param string|array $algorithms those that are taken, decided before it is looked at: 'ES256', 'RS256', 'PS256', 'EdDSA'; a list, or separated by blanks
     * @param string|null $typ what its header must say (RFC 8725 section 3.11); null for any
     * @throws Error Untrusted where it is not to be believed, Usage where $jwks is no set of keys
     */
    public static function verify(#[\SensitiveParameter] string $jws, string|array $jwks, string|array $algorithms, ?string $typ = null): Jws {}

    /**
     * What was signed, as a JWT's claims (RFC 7519 section 4).
     * @throws Untrusted where it is no JSON object
     */
    public function claims(): array {}
}

/**
 * Finds a provider's record, where nobody wrote one.
 *
 * @strict-properties
 * @not-serializable
 */
final class Provider
{
    private function __construct() {}

    /**
     * Reads what an authorization server says of itself (RFC 8414, OpenID Connect Discovery 1.0).
     *
     *     $client = new Active\Client(Active\Provider::discover('https://login.example'), 'id', secret: 'secret');
     *
     * @param string $issuer an https URL without query and fragment; a document of another issuer is Untrusted
     * @return string a provider record (JSON), to be kept as long as the provider does not change
     * @throws Error
     */
    public static function discover(string $issuer, ?Agent $agent = null): string {}

    /** discover() as an exchange to be stepped. */
    public static function beginDiscover(string $issuer, ?Agent $agent = null): Exchange {}

    /**
     * Registers a client (RFC 7591). Every call makes another one: keep its saved().
     *
     *     $registration = Active\Provider::register($record, ['redirect_uris' => ['https://app.example/callback']]);
     *     $client = $registration->client();
     *
     * @param string|array $record the provider's record, as for Client
     * @param array $metadata redirect_uris, grant_types, token_endpoint_auth_method, …
     * @param string|null $initialAccessToken what the server demands where not everybody may register
     * @throws Error
     */
    public static function register(string|array $record, array $metadata, #[\SensitiveParameter] ?string $initialAccessToken = null, ?Agent $agent = null): Registration {}

    /** register() as an exchange to be stepped. */
    public static function beginRegister(string|array $record, array $metadata, #[\SensitiveParameter] ?string $initialAccessToken = null, ?Agent $agent = null): Exchange {}
}

/**
 * A client that was registered (RFC 7591), and how to manage what the server knows of it (RFC 7592). Keep it as the text that saved() gives.
 *
 * @property-read string $clientId
 * @property-read string|null $clientSecret a secret
 * @property-read int|null $clientSecretExpiresAt milliseconds since the Unix epoch; null where it never does, or the server did not say
 * @strict-properties
 * @not-serializable
 */
final class Registration
{
    private function __construct() {}

    /**
     * The registration that saved() wrote, at the provider of that record.
     * @param string $saved what saved() gave, in any language
     * @throws Usage where the text is none
     */
    public static function restore(string|array $record, #[\SensitiveParameter] string $saved, ?Agent $agent = null): Registration {}

    /** The registration as a text to keep. A secret. */
    public function saved(): string {}

    /** All that the server said, which may differ from what was asked for. It holds secrets. */
    public function value(): array {}

    /**
     * The client that was registered, which authenticates as it was registered to. $key, $dpop and $dpopRequired are those of Client.
     * What is wrong is told by its first exchange.
     */
    public function client(?Key $key = null, ?Key $dpop = null, bool $dpopRequired = false): Client {}

    /**
     * What the server knows of the client now. It takes the place of this one: keep it, secret and tokens may be new.
     * @throws Error
     */
    public function readAgain(): Registration {}

    /** readAgain() as an exchange to be stepped. */
    public function beginReadAgain(): Exchange {}

    /**
     * Replaces what the server knows of the client; what $metadata leaves out is deleted. The result takes the place of this one: keep it.
     * @throws Error
     */
    public function update(array $metadata): Registration {}

    /** update() as an exchange to be stepped. */
    public function beginUpdate(array $metadata): Exchange {}

    /**
     * Deletes the client at the server.
     * @throws Error
     */
    public function delete(): void {}

    /** delete() as an exchange to be stepped. It ends with an empty Document. */
    public function beginDelete(): Exchange {}
}

/**
 * Why an API refused, from its WWW-Authenticate (RFC 9110 section 11.6.1). A server that nobody has trusted yet says so: open no URL of it.
 *
 * @property-read string $scheme as it was written ('Bearer', 'DPoP'); its case means nothing
 * @property-read string|null $error 'invalid_token', 'insufficient_scope', 'insufficient_user_authentication' (RFC 6750, RFC 9470)
 * @property-read string|null $errorDescription for developers
 * @property-read string|null $scope what a token must have to be let in
 * @property-read string|null $resourceMetadata where the API says what it is (RFC 9728); Access::after() goes there
 * @property-read string|null $acrValues ways of logging in, one of which the user must have gone (RFC 9470)
 * @property-read int|null $maxAge how many seconds ago the user may have logged in at most (RFC 9470)
 * @property-read string|null $realm
 * @property-read string|null $token68 the bare token of 'Negotiate YWJj==' and its like
 * @property-read array<string, string> $parameters all of them, names in lower case
 * @strict-properties
 * @not-serializable
 */
final class Challenge
{
    private function __construct() {}

    /**
     * Every well-formed challenge of this header, or of a list of several (as PSR-7's getHeader('WWW-Authenticate') gives them), in order.
     * @return list<Challenge>
     * @throws Usage
     */
    public static function parse(string|array $wwwAuthenticate): array {}

    /**
     * What an API wants of another login: the challenge whose error is insufficient_user_authentication (RFC 9470) or insufficient_scope (RFC 6750), for
     * Client::authorize(stepUp: …); null where none does. After that login call the API once more, and not again and again: the provider may not
     * be able to give what the API wants.
     * @throws Usage
     */
    public static function stepUp(string|array $wwwAuthenticate): ?Challenge {}
}

/**
 * For APIs: how users must have logged in for a call (RFC 9470), in one of some ways and not too long ago. Without either any login will do.
 *
 * @property-read string|null $acrValues
 * @property-read int|null $maxAge
 * @strict-properties
 * @not-serializable
 */
final class StepUp
{
    /**
     * @param string|null $acrValues the ways, separated by blanks, the preferred one first
     * @param int|null $maxAge how many seconds ago at most, and 30 more, since clocks differ
     * @throws Usage
     */
    public function __construct(?string $acrValues = null, ?int $maxAge = null) {}

    /**
     * Whether a login was so, by the acr and auth_time of what Client::accessTokenClaims() or introspect() gave. What is not said there was not so.
     */
    public function isMetBy(Document $claims, ?Now $now = null): bool {}

    /**
     * The value of WWW-Authenticate for the 401.
     * @param string $scheme that of the token that was presented: 'Bearer' or 'DPoP'
     * @throws Error
     */
    public function challenge(string $scheme = 'Bearer'): string {}
}

/**
 * What a program knows of itself before it asks an API it never heard of, as the Model Context Protocol has it.
 *
 *     $access = new Active\Access($url, register: ['redirect_uris' => ['https://app.example/callback']]);
 *     $admission = $access->after($response->getHeader('WWW-Authenticate'));
 *     $login = $admission->client->authorize('https://app.example/callback', $admission->parameters);
 *
 * @strict-properties
 * @not-serializable
 */
final class Access
{
    /**
     * What is wrong with it is told by its exchange.
     * @param string $url what was called, which is the API's identifier
     * @param string|null $clientDocument the URL of the program's own client-id metadata document, taken where the server reads those
     * @param array|null $register what to register with otherwise (RFC 7591): redirect_uris, …; every time it runs another client comes to be
     * @param string|null $initialAccessToken what the server may demand before it registers a client
     */
    public function __construct(string $url, ?string $clientDocument = null, ?array $register = null, #[\SensitiveParameter] ?string $initialAccessToken = null) {}

    /**
     * From the API's refusal to a client: what the API is (RFC 9728), who issues its tokens (RFC 8414), and how this program becomes known there.
     * @param string|array|null $wwwAuthenticate that header of the 401, or a list of several; null where there was none
     * @throws Error Untrusted where a document is another API's or issuer's, or the server checks no PKCE
     */
    public function after(string|array|null $wwwAuthenticate = null, ?Agent $agent = null): Admission {}

    /** after() as an exchange to be stepped. */
    public function beginAfter(string|array|null $wwwAuthenticate = null, ?Agent $agent = null): Exchange {}
}

/**
 * A client that may ask for tokens for one API.
 *
 * @property-read Client $client at the API's first authorization server; its calls go to the API's origin and nowhere else
 * @property-read Document $resource the API, as it describes itself
 * @property-read Registration|null $registration the one that was made on the way: keep it, or there will be another one each time
 * @property-read string|null $scope the scopes to ask for: what the refusal named, else what the API knows
 * @property-read array<string, string> $parameters for Client::authorize() and push(): this API as resource, and the scope where there is one
 * @property-read string $record the provider's (JSON), for Client and Registration::restore() at the next start
 * @strict-properties
 * @not-serializable
 */
final class Admission
{
    private function __construct() {}
}

/**
 * Waits on this machine for the browser to come back from one login (RFC 8252 section 7.3): for programs on a desktop. It listens on 127.0.0.1, or where
 * there is no IPv4 on [::1], at a port that is free.
 *
 *     $loopback = new Active\Loopback(app: 'Shop');
 *     $login = $client->push($loopback->redirectUri, ['scope' => 'openid']);
 *     if (!Active\Loopback::openBrowser($login->url)) echo "Open $login->url";
 *     $token = $client->callback($login, $loopback->callback());
 *
 * @property-read string $redirectUri of this login, with the port; register it without the port
 * @strict-properties
 * @not-serializable
 */
final class Loopback
{
    /**
     * @param string|null $path of the redirect URI that is registered, '/callback' unless given; servers leave the port open and nothing else
     * @param string|null $app the program's name, to which the page in the browser sends the user back
     * @throws Error Usage for a path that no redirect URI can have, NoAnswer where this machine allows no listening
     */
    public function __construct(?string $path = null, ?string $app = null) {}

    /**
     * Waits for that login alone: who comes by a callback with another state is sent away, and the wait goes on. Without it a page that guesses the port can
     * use the loopback up by sending the browser there; no token comes of that, and neither does a login. To be called before callback().
     */
    public function onlyFor(Login $login): void {}

    /**
     * Waits until the browser comes back, shows it a page that sends the user to the program, stops listening, and gives the URL it came by, for
     * Client::callback(). It holds the code: keep it out of logs. Whatever else calls meanwhile is sent away.
     * @param float $timeout seconds that the user may take, a day at most
     * @throws Error Expired where nobody came back, Usage where it was waited on before
     */
    public function callback(float $timeout = 300.0): string {}

    /** callback() as an exchange to be stepped; it gives Wait meanwhile and nothing else. */
    public function beginCallback(float $timeout = 300.0): Exchange {}

    /**
     * Opens a login's URL in the user's own browser. False where this machine has none that a program may start (a server, a container), and for a
     * URL that no browser should be given: it must be https, or http to loopback. Then show the URL, and the user opens it.
     */
    public static function openBrowser(#[\SensitiveParameter] string $url): bool {}
}

/**
 * What an API says of itself.
 *
 * @strict-properties
 * @not-serializable
 */
final class Resource
{
    private function __construct() {}

    /**
     * Asks an API what it is (RFC 9728): field('/resource') is what to ask tokens for, field('/authorization_servers') are issuers for
     * Provider::discover().
     * @param string $resource its identifier, an https URL, which is what was called; a document of another API is Untrusted
     * @param string|array|null $wwwAuthenticate that header of its refusal, or a list of several: it may say where the document is
     * @throws Error
     */
    public static function discover(string $resource, ?Agent $agent = null, string|array|null $wwwAuthenticate = null): Document {}

    /** discover() as an exchange to be stepped. */
    public static function beginDiscover(string $resource, ?Agent $agent = null, string|array|null $wwwAuthenticate = null): Exchange {}
}

/**
 * A client at one provider. What is wrong with it is told by its first exchange.
 *
 *     $client = new Active\Client('buildpass', 'id', secret: 'secret');
 *     $token = $client->token('client_credentials', ['scope' => 'read:builders']);
 *
 * Texts are UTF-8. Parameters are maps of name to string, int, float or Stringable; a list repeats its name, but that claims and authorization_details
 * (RFC 9396) may be arrays, which go as JSON.
 *
 * @property-read string $provider the name that was given, or 'record'
 * @property-read string $id
 * @strict-properties
 * @not-serializable
 */
final class Client
{
    /**
     * @param string|array $provider 'activebuilding', 'mybuilding', 'buildpass', 'honeywell', or a provider record: an array or JSON text
     * @param string|null $auth 'basic', 'basic_raw', 'post', 'none', 'client_secret_jwt', 'private_key_jwt' with a $key, or 'tls_client_auth' or
     *     'self_signed_tls_client_auth' with an $agent that shows a certificate, where the provider's record is to be overruled
     * @param string|null $body 'form' or 'json', likewise
     * @param string|null $base another host than the record's, for MyBuilding and for tests: 'https://localhost:8443'
     * @param array $variables fills {name} in the record's endpoints
     * @param callable|null $carry carries the requests instead of an agent: callable(Request): array{int, array, string}
     *     gives status, headers (as PSR-7's getHeaders(), or lines) and body; it follows no redirect. Where it throws an \Exception
     *     there was no answer, and the request may have been sent, unless it throws a NoAnswer that says otherwise.
     * @param bool $dangerAllowPlainHttpToLoopback for a test server without TLS; never to any other host
     * @param Key|null $key signs who this client is, where it authenticates by private_key_jwt
     * @param Key|null $dpop binds the client's tokens to this key (DPoP, RFC 9449): keep it as long as them, nobody can use them without it
     * @param bool $dpopRequired takes no token that is not bound to $dpop
     * @param string|null $assertionAudience for whom signed statements are meant: 'issuer' or 'token_endpoint', where the record is to be overruled
     * @param bool $certificateBound the agent shows a certificate although the client authenticates otherwise, or not at all, and the server binds
     *     tokens to it (RFC 8705)
     * @param bool $signedRequests signs every authorization request with $key (JAR, RFC 9101), pushed or in the URL, so that nobody on the way changes it
     * @param string|null $policy a profile that this client keeps to: 'oauth_2_1' (RFC 9700) or 'fapi_2_0' (FAPI 2.0 Security Profile). What it forbids is
     *     Usage before anything is sent, and says which rule that is and what to do instead
     * @param string|array|null $serverAlgorithms by which the provider signs ID tokens and what else it states, best the one that was registered: 'ES256',
     *     'RS256', 'PS256', 'EdDSA', a list or separated by blanks; any of them unless given
     */
    public function __construct(
        string|array $provider,
        string $id,
        #[\SensitiveParameter]
        ?string $secret = null,
        ?string $auth = null,
        ?string $body = null,
        ?string $base = null,
        array $variables = [],
        ?Agent $agent = null,
        ?callable $carry = null,
        bool $dangerAllowPlainHttpToLoopback = false,
        ?Key $key = null,
        ?Key $dpop = null,
        bool $dpopRequired = false,
        ?string $assertionAudience = null,
        bool $certificateBound = false,
        bool $signedRequests = false,
        ?string $policy = null,
        string|array|null $serverAlgorithms = null
    ) {}

    /**
     * The same client with these settings of the constructor on top of those it has: $admission->client->replace(dpop: $key). What is left out, null or
     * false stays as it is.
     * @throws Usage where one of them cannot be a text; what else is wrong with them is told by the first exchange
     */
    public function replace(
        #[\SensitiveParameter]
        ?string $secret = null,
        ?string $auth = null,
        ?string $body = null,
        ?string $base = null,
        array $variables = [],
        ?Agent $agent = null,
        ?callable $carry = null,
        bool $dangerAllowPlainHttpToLoopback = false,
        ?Key $key = null,
        ?Key $dpop = null,
        bool $dpopRequired = false,
        ?string $assertionAudience = null,
        bool $certificateBound = false,
        bool $signedRequests = false,
        ?string $policy = null,
        string|array|null $serverAlgorithms = null
    ): Client {}

    /**
     * The document to publish at $clientId, an https URL, as application/json, so that servers can read who a client is without registration: the metadata
     * with the id put in, checked. Then Access takes that URL as its $clientDocument.
     * @param string|array $metadata redirect_uris, client_name, … (RFC 7591 section 2), as an array or JSON text
     * @throws Usage also where it holds a secret, or is larger than 5 KiB
     */
    public static function document(string $clientId, #[\SensitiveParameter] string|array $metadata): string {}

    /**
     * Asks for a token: 'client_credentials', 'password', 'authorization_code', 'refresh_token', or another grant's URI, with its parameters.
     * @throws Error
     */
    public function token(string $grant, #[\SensitiveParameter] array $parameters = []): Token {}

    /**
     * Renews a token by its refresh token. $save is called with the new one before it is given back.
     * @param callable|null $save callable(Token): mixed; what it throws comes out of here
     * @param array|null $renewBy the grant to repeat where there is no refresh token, as for call()
     * @throws Error
     */
    public function refresh(Token $token, ?callable $save = null, #[\SensitiveParameter] ?array $renewBy = null): Token {}

    /**
     * Calls the provider's API with a token that may have died: it is renewed once, and the call repeated once.
     * @param string $target a path below the API ('/communities') or a URL of the same origin
     * @param mixed $json any value but null for json_encode
     * @param string|null $body bytes of the media type $contentType
     * @param array|null $renewBy the grant to repeat where there is no refresh token: ['password', ['username' => …]]
     * @param callable|null $save callable(Token): mixed; stores a renewed token before it is used
     * @throws Error where there is no answer; an answer of any status is a Reply
     */
    public function call(
        Token $token,
        string $method,
        #[\SensitiveParameter]
        string $target,
        #[\SensitiveParameter]
        array $query = [],
        #[\SensitiveParameter]
        array $headers = [],
        #[\SensitiveParameter]
        ?array $form = null,
        #[\SensitiveParameter]
        mixed $json = null,
        #[\SensitiveParameter]
        ?string $body = null,
        string $contentType = 'application/octet-stream',
        #[\SensitiveParameter]
        ?array $renewBy = null,
        ?callable $save = null
    ): Reply {}

    /**
     * Begins a login in the browser: send the user to its url, keep its saved() in the user's own session until the callback.
     *
     * With 'openid' in the scope callback() hands out no token before its ID token was checked, where the record names issuer and endpoints.jwks, as one
     * by discovery does.
     * @param array $parameters of the authorization request: scope, prompt, …; with a response_mode ('jwt', 'query.jwt', 'fragment.jwt',
     *     'form_post.jwt') the provider signs its answer (JARM), and one that is not is refused; a legacy: a response_type ('token', 'code id_token')
     *     has the answer come in the URL's fragment, which a page has to hand over; an ID token that comes with a code is checked before that is sent
     * @param float $lifetime seconds that the user may take, a day at most
     * @param Now|null $now the time, for tests
     * @param Challenge|null $stepUp an API's demand for another login (RFC 9470), as Reply::stepUp() gives it: its acr_values, max_age and scope go along
     *     beside yours
     * @throws Usage
     */
    public function authorize(string $redirectUri, array $parameters = [], float $lifetime = 600.0, ?Now $now = null, ?Challenge $stepUp = null): Login {}

    /**
     * Ends a login: checks the callback's state and iss, takes the login (it works once) and exchanges the code.
     *
     * A variable that holds the saved text is set to null once the login is taken (to '' where its type allows no null), so that
     * `callback($_SESSION['login'], …)` deletes it; a forged callback throws Untrusted and leaves it.
     *
     * @param Login|string|null $login the login, or the text that its saved() gave; null (none is left) throws Expired
     * @param string $url the URL the browser was sent to, or its query alone (its fragment where that was asked for, the body of the POST for form_post)
     * @prefer-ref $login
     * @throws Error
     */
    public function callback(#[\SensitiveParameter] Login|string|null $login, #[\SensitiveParameter] string $url): Token {}

    /**
     * The same as authorize(), but the parameters go to the provider directly, and the URL names them by a reference that it gave (RFC 9126).
     * @throws Error
     */
    public function push(string $redirectUri, array $parameters = [], float $lifetime = 600.0, ?Now $now = null, ?Challenge $stepUp = null): Login {}

    /**
     * Revokes a token at the provider (RFC 7009): the refresh token, and with it all that came of the same login, or where there is none the access
     * token. A token that the provider does not know is revoked already.
     * @throws Error
     */
    public function revoke(Token $token): void {}

    /**
     * Asks the provider what it knows of an access token (RFC 7662): field('/active') is true or false.
     * @throws Error
     */
    public function introspect(Token $token): Document {}

    /**
     * Asks the provider the same, and wants the answer signed (RFC 9701): checked by the provider's published keys, so that nobody on the way can have
     * said it. The provider gives such answers to clients that are registered for them.
     * @throws Error Untrusted where it is not signed, or by somebody else
     */
    public function introspectSigned(Token $token): Document {}

    /**
     * For APIs: what a caller presented, the value of its Authorization header ('Bearer …', 'DPoP …'). Nothing of it is known to be true yet: check it by
     * accessTokenClaims(), or ask by introspect().
     * @throws Error where it is something else: answer 401
     */
    public function presented(#[\SensitiveParameter] string $authorization, ?Now $now = null): Token {}

    /**
     * For APIs: checks an access token that is a JWT (RFC 9068) by the provider's published keys, and gives its claims. What they allow (field('/scope')) is
     * for the API to decide; where there is field('/cnf/jkt') the token is bound to a key: let nobody in without proofClaims().
     * @param string $resource this API's own identifier, which must be in its aud
     * @throws Error Untrusted is for the caller, to be answered 401
     */
    public function accessTokenClaims(Token $token, string $resource): Document {}

    /**
     * For APIs: checks that the caller has the key that its token is bound to (DPoP, RFC 9449 section 4.3), and gives the proof's claims. Ask it of every token
     * whose claims hold field('/cnf/jkt'), whatever scheme it came by. It was made within the last minute; take each field('/jti') once where a proof must not
     * work twice, and compare field('/nonce') where you hand out nonces. Nothing is sent.
     * @param Document $claims those of accessTokenClaims() or of an introspection
     * @param string $proof the value of the request's one DPoP header: $_SERVER['HTTP_DPOP'] ?? ''
     * @param string $url where the request came to, as callers know it; query and fragment do not count
     * @throws Error Untrusted is for the caller, to be answered 401 with error="invalid_dpop_proof"
     */
    public function proofClaims(Token $token, Document $claims, #[\SensitiveParameter] string $proof, string $method, string $url, ?Now $now = null): Document {}

    /**
     * Asks the provider who logged in (OpenID Connect): field('/sub') is the user's name there.
     * @throws Error
     */
    public function userinfo(Token $token): Document {}

    /**
     * Checks the ID token that came with a token (OpenID Connect Core 1.0 section 3.1.3.7) by the keys that its issuer publishes: signature, issuer,
     * audience, times and at_hash. Its claims: field('/iss') and field('/sub') together are who logged in.
     * @param string|null $nonce what was sent as nonce; null where callback() checked it, which it does for a login with the scope 'openid'
     * @throws Error Untrusted, whatever is wrong with it
     */
    public function idToken(Token $token, #[\SensitiveParameter] ?string $nonce = null): Document {}

    /**
     * The URL that ends the user's session at the provider (OpenID Connect RP-Initiated Logout): send the browser there, log it nowhere.
     * @param string|null $idTokenHint the login's $token->idToken
     * @param string|null $postLogoutRedirectUri where the browser comes back to, as it is registered with the provider
     * @param string|null $state what it brings along
     * @throws Usage
     */
    public function endSessionUrl(#[\SensitiveParameter] ?string $idTokenHint = null, ?string $postLogoutRedirectUri = null, #[\SensitiveParameter] ?string $state = null): string {}

    /**
     * Begins a login on a device without a browser (RFC 8628): show what the Device says, then poll().
     * @param array $parameters scope, resource, …
     * @throws Error
     */
    public function device(array $parameters = []): Device {}

    /**
     * Has the provider ask a user on a device of their own (OpenID CIBA): scope, one of login_hint, id_token_hint and login_hint_token, and
     * perhaps binding_message, acr_values, requested_expiry, user_code. Then poll().
     * @throws Error
     */
    public function backchannel(#[\SensitiveParameter] array $parameters = []): Backchannel {}

    /**
     * Asks for the token of a Device or Backchannel until the user has agreed or refused, or the time is over (Expired). Blocks as long, and
     * pauses as the provider asks; beginPoll() can be left at any pause and begun again, also by another process.
     * @throws Error
     */
    public function poll(Device|Backchannel $login): Token {}

    /** token() as an exchange to be stepped. */
    public function beginToken(string $grant, #[\SensitiveParameter] array $parameters = []): Exchange {}

    /** refresh() as an exchange to be stepped. */
    public function beginRefresh(Token $token, #[\SensitiveParameter] ?array $renewBy = null): Exchange {}

    /** call() as an exchange to be stepped. */
    public function beginCall(
        Token $token,
        string $method,
        #[\SensitiveParameter]
        string $target,
        #[\SensitiveParameter]
        array $query = [],
        #[\SensitiveParameter]
        array $headers = [],
        #[\SensitiveParameter]
        ?array $form = null,
        #[\SensitiveParameter]
        mixed $json = null,
        #[\SensitiveParameter]
        ?string $body = null,
        string $contentType = 'application/octet-stream',
        #[\SensitiveParameter]
        ?array $renewBy = null
    ): Exchange {}

    /**
     * callback() as an exchange to be stepped.
     * @prefer-ref $login
     */
    public function beginCallback(#[\SensitiveParameter] Login|string|null $login, #[\SensitiveParameter] string $url): Exchange {}

    /** push() as an exchange to be stepped. */
    public function beginPush(string $redirectUri, array $parameters = [], float $lifetime = 600.0, ?Now $now = null, ?Challenge $stepUp = null): Exchange {}

    /** revoke() as an exchange to be stepped. It ends with an empty Document. */
    public function beginRevoke(Token $token): Exchange {}

    /** introspect() as an exchange to be stepped. */
    public function beginIntrospect(Token $token): Exchange {}

    /** introspectSigned() as an exchange to be stepped. */
    public function beginIntrospectSigned(Token $token): Exchange {}

    /** accessTokenClaims() as an exchange to be stepped. */
    public function beginAccessTokenClaims(Token $token, string $resource): Exchange {}

    /** userinfo() as an exchange to be stepped. */
    public function beginUserinfo(Token $token): Exchange {}

    /** idToken() as an exchange to be stepped. */
    public function beginIdToken(Token $token, #[\SensitiveParameter] ?string $nonce = null): Exchange {}

    /** device() as an exchange to be stepped. */
    public function beginDevice(array $parameters = []): Exchange {}

    /** backchannel() as an exchange to be stepped. */
    public function beginBackchannel(#[\SensitiveParameter] array $parameters = []): Exchange {}

    /** poll() as an exchange to be stepped. */
    public function beginPoll(Device|Backchannel $login): Exchange {}
}

/**
 * One good token for everyone who needs it: the one at hand, another process's from the store, or a new one.
 *
 *     $session = new Active\Session($client, 'file:/var/lib/shop/tokens?key_file=/etc/shop/key', 'client_credentials', ['scope' => 'read:builders']);
 *     $reply = $session->call('GET', '/v1/builders');
 *
 * Of all workers (with Redis: of all machines) that find the token over, one asks for the next; it is stored before anybody uses it. Within a worker
 * the token at hand outlives the PHP request: a session that is made of the same client (id, secret, record, base, agent), grant, parameters, user
 * and store goes on with it. At most 256 sessions are kept; none whose client carries or signs by a callable.
 *
 * @property-read Client $client
 * @property-read string|null $key under which name the store keeps the token: 64 hexadecimal digits, the same in every process and language; null where the
 *     store or the client cannot be used
 * @strict-properties
 * @not-serializable
 */
final class Session
{
    /**
     * @param string|null $store names the store: 'memory:' (this process's own), 'file:/directory?key_file=/path', 'keyring:', 'redis://host',
     *     'rediss://host', 'unix:/path'; null for the ini setting active.store, and 'memory:' where that is empty
     * @param string|null $grant what to repeat where there is no token to renew, as for Client::token(); null where a login() brings the token
     * @param string|null $user whose token it is, where the grant does not say: any text that tells this user from the others in the store
     * @param string $whenAway while the store cannot be reached: 'fail', or go on 'alone' by repeating the grant
     * @param float $margin seconds before its end that a token is renewed, at most half of its lifetime
     * @param callable|null $onChange callable(Token): mixed; is told of each new token that this object's exchanges got, after it was stored
     * @param callable|null $onError callable(Error): mixed; is told of each of their renewals that failed, also where a token that is still valid
     *     hid it. What these two throw comes out of the method that stepped. They end with this object: no later PHP request calls them
     * @param float|null $deadline seconds that one request may take at most, where a callable carries; the agent's own unless given. A store's lock is
     *     taken for twice as long, at most 30 s more
     * @throws Usage where one of them cannot be right; what is wrong with the store or the client is told by the first exchange
     */
    public function __construct(
        Client $client,
        #[\SensitiveParameter]
        ?string $store = null,
        ?string $grant = null,
        #[\SensitiveParameter]
        array $parameters = [],
        ?string $user = null,
        string $whenAway = 'fail',
        float $margin = 60.0,
        ?callable $onChange = null,
        ?callable $onError = null,
        ?float $deadline = null
    ) {}

    /**
     * A good token. It is stored already.
     * @throws Error
     */
    public function token(): Token {}

    /**
     * Calls the provider's API with a good token; where the API says that it is dead it is renewed once, for all, and the call repeated once.
     * The arguments are those of Client::call(); the Reply's token is null, because the session keeps it.
     * @throws Error where there is no answer; an answer of any status is a Reply
     */
    public function call(
        string $method,
        #[\SensitiveParameter]
        string $target,
        #[\SensitiveParameter]
        array $query = [],
        #[\SensitiveParameter]
        array $headers = [],
        #[\SensitiveParameter]
        ?array $form = null,
        #[\SensitiveParameter]
        mixed $json = null,
        #[\SensitiveParameter]
        ?string $body = null,
        string $contentType = 'application/octet-stream'
    ): Reply {}

    /**
     * 'Bearer …' of the token at hand, a secret, for another HTTP client's Authorization header; null where token() has something to do.
     * It neither touches the store nor waits.
     */
    public function authorization(): ?string {}

    /**
     * Puts a token into the store, in place of whatever is there: the end of a login in the browser.
     * @throws Error
     */
    public function login(Token $token): void {}

    /**
     * Takes the token out of the store and forgets it. It is not revoked at the provider.
     * @throws Error
     */
    public function logout(): void {}

    /** Forgets that the provider refused, so that the next exchange asks it again. */
    public function forgetRefusals(): void {}

    /** token() as an exchange to be stepped. */
    public function beginToken(): Exchange {}

    /** call() as an exchange to be stepped. */
    public function beginCall(
        string $method,
        #[\SensitiveParameter]
        string $target,
        #[\SensitiveParameter]
        array $query = [],
        #[\SensitiveParameter]
        array $headers = [],
        #[\SensitiveParameter]
        ?array $form = null,
        #[\SensitiveParameter]
        mixed $json = null,
        #[\SensitiveParameter]
        ?string $body = null,
        string $contentType = 'application/octet-stream'
    ): Exchange {}

    /** login() as an exchange to be stepped. */
    public function beginLogin(Token $token): Exchange {}

    /** logout() as an exchange to be stepped. It ends without a token. */
    public function beginLogout(): Exchange {}
}

/**
 * A token request, a renewal or an API call, step by step:
 *
 *     while ($step = $exchange->step()) {
 *         match (true) {
 *             $step instanceof Active\Send => $exchange->receive(...$http($step->request)),
 *             $step instanceof Active\Save => $store($step->token->saved()),
 *             $step instanceof Active\Wait => usleep($step->milliseconds * 1000),
 *             $step instanceof Active\Store => $exchange->store(),      // a session's only
 *         };
 *     }
 *     $token = $exchange->token;
 *
 * @property-read Token|null $token the newest token that this exchange was given; after a failure too
 * @property-read Reply|null $reply a call's, once step() has given null
 * @property-read Token|Reply|Document|Device|Backchannel|Login|Registration|Admission|string|null $result what run() gives, once step() has given null
 * @strict-properties
 * @not-serializable
 */
final class Exchange
{
    private function __construct() {}

    /**
     * Goes one step further, without blocking. A Send is given again until its outcome was handed in; null is the end.
     * @throws Error
     */
    public function step(?Now $now = null): ?Step {}

    /**
     * Hands in the answer to the request of the last Send.
     * @param array $headers name => value or list of values, or lines 'Name: value'
     */
    public function receive(int $status, #[\SensitiveParameter] array $headers, #[\SensitiveParameter] string $body): void {}

    /**
     * Hands in that there is no answer.
     * @param bool $mayHaveBeenSent false only where no byte of the request can have left
     * @param string $cause name, connect, tls, certificate, timeout, cut, too_large, protocol, proxy, cancelled or other
     * @param string $detail for people, without secrets
     */
    public function noAnswer(bool $mayHaveBeenSent, string $cause = 'other', string $detail = ''): void {}

    /** Carries the request of the last Send, by the client's own callable or agent, and hands in its outcome. Blocks. */
    public function carry(): void {}

    /**
     * Ends what it is doing, and all that it would begin: run() and carry() fail within about 100 ms as NoAnswer, errorCode 'cancelled'. From a signal handler
     * (pcntl), which runs while it waits and may also throw, from a callable that carries, or between two steps.
     */
    public function cancel(): void {}

    /** Reads or writes a session's store, as the last Store asks. Blocks. How it went is told by the next step. */
    public function store(): void {}

    /**
     * Steps to the end. Blocks. Null is the result of a logout, a string that of a discovery.
     * @param callable|null $save callable(Token): mixed; stores a renewed token before it is used
     * @throws Error
     */
    public function run(?callable $save = null): Token|Reply|Document|Device|Backchannel|Login|Registration|Admission|string|null {}
}

/**
 * What to do now: a Send, a Save, a Wait or a Store.
 * @strict-properties
 * @not-serializable
 */
abstract class Step
{
}

/**
 * Carry this request.
 * @property-read Request $request
 * @strict-properties
 * @not-serializable
 */
final class Send extends Step
{
    private function __construct() {}
}

/**
 * Store this token: an older one is worthless from now on.
 * @property-read Token $token
 * @strict-properties
 * @not-serializable
 */
final class Save extends Step
{
    private function __construct() {}
}

/**
 * Do nothing for that long.
 * @property-read int $milliseconds
 * @strict-properties
 * @not-serializable
 */
final class Wait extends Step
{
    private function __construct() {}
}

/**
 * A session's store is to be read or written: call Exchange::store() where blocking does no harm.
 * @strict-properties
 * @not-serializable
 */
final class Store extends Step
{
    private function __construct() {}
}

/** The time of a step, for tests and simulations; without one the library's own clock is used. */
final class Now
{
    /** Milliseconds since the Unix epoch. */
    public readonly int $wall;
    /** Milliseconds since any fixed point, never running backwards. */
    public readonly int $mono;

    public function __construct(int $wall, int $mono) {}
}

/**
 * A request to carry: exactly this URL, no redirect followed. URL, headers and body may hold secrets.
 *
 * @property-read string $method
 * @property-read string $url
 * @property-read array<string, list<string>> $headers by name in lower case, as PSR-7 has them
 * @property-read string $body
 * @strict-properties
 * @not-serializable
 */
final class Request
{
    private function __construct() {}
}

/**
 * What an API call gave.
 *
 * @property-read int $status
 * @property-read array<string, list<string>> $headers by name in lower case
 * @property-read string $body
 * @property-read Token|null $token the one to go on with: the renewed one, or the one the call was made with; null for a session's call
 * @property-read Token|null $renewed the new token, where it had to be renewed on the way
 * @strict-properties
 * @not-serializable
 */
final class Reply
{
    private function __construct() {}

    /** The values of a header, separated by ', '; null where there is none. The name's case does not matter. */
    public function header(string $name): ?string {}

    /**
     * What the API asks for in its WWW-Authenticate.
     * @return list<Challenge>
     */
    public function challenges(): array {}

    /** What the API wants of another login, as Challenge::stepUp() reads it; null where it wants none. */
    public function stepUp(): ?Challenge {}

    /**
     * The body as json_decode(…, true) reads it; integers beyond PHP's as strings.
     * @throws Garbled where it is no JSON
     */
    public function json(): mixed {}
}

/**
 * An access token and everything the server said with it. Keep it as the text that saved() gives.
 *
 * @property-read string $accessToken a secret
 * @property-read string|null $authorization 'Bearer …', a secret; null where the type must not be used
 * @property-read string|null $refreshToken a secret
 * @property-read string|null $idToken a secret; its claims are to be believed after Client::idToken() only
 * @property-read string|null $tokenType in the server's words
 * @property-read string|null $scope granted, or asked for where the server said nothing
 * @property-read string|null $requestedScope
 * @property-read bool $scopeNarrower whether something that was asked for was not granted
 * @property-read int|null $expiresAt milliseconds since the Unix epoch; null where the server did not say
 * @property-read int $receivedAt milliseconds since the Unix epoch
 * @property-read string $provider
 * @property-read list<string> $deviations how the answer departed from RFC 6749
 * @property-read User|null $user whom ActiveBuilding and MyBuilding tell about
 * @property-read string $answer the server's whole answer, a secret
 * @strict-properties
 */
final class Token
{
    private function __construct() {}

    /**
     * Any member of the answer by JSON pointer ('/organization_name'; '/' is the member with the empty name); null where there is none.
     */
    public function field(string $pointer): mixed {}

    /** Whether the lifetime that the server told is over; without one, never. */
    public function isExpired(?Now $now = null): bool {}

    /** The token as a versioned text, for $_SESSION or a database. A secret. */
    public function saved(): string {}

    /**
     * The token that saved() wrote, in any language.
     * @throws Usage where the text is damaged or of a newer version
     */
    public static function restore(#[\SensitiveParameter] string $saved): Token {}

    /** @throws Usage always: use saved() */
    public function __serialize(): array {}

    /** @throws Usage always: use restore() */
    public function __unserialize(#[\SensitiveParameter] array $data): void {}
}

/**
 * The user that ActiveBuilding and MyBuilding tell about.
 *
 * @property-read string $userId
 * @property-read string|null $userType 'STAFF' or 'RESIDENT'
 * @property-read string|null $email
 * @property-read string|null $fullname
 * @property-read string|null $profilePicture a URL
 * @strict-properties
 * @not-serializable
 */
final class User
{
    private function __construct() {}
}

/**
 * A login that waits for its callback.
 *
 * @property-read string $url where to send the browser; empty for a restored login. It holds the state: only for the user's own eyes
 * @property-read int|null $urlExpiresAt until when the provider knows the URL of a pushed request, in milliseconds since the Unix epoch; null for any other
 * @property-read bool $taken whether a callback was accepted already
 * @strict-properties
 */
final class Login
{
    private function __construct() {}

    /**
     * The login as a versioned text, for $_SESSION. A secret.
     * @throws Expired where it was taken already
     */
    public function saved(): string {}

    /**
     * The login that saved() wrote, in any language.
     * @throws Usage where the text is damaged or of a newer version
     */
    public static function restore(#[\SensitiveParameter] string $saved): Login {}

    /** @throws Usage always: use saved() */
    public function __serialize(): array {}

    /** @throws Usage always: use restore() */
    public function __unserialize(#[\SensitiveParameter] array $data): void {}
}

/**
 * A JSON object that a server answered with. It may hold secrets.
 *
 * @property-read string $answer the whole object, byte for byte, a secret
 * @strict-properties
 * @not-serializable
 */
final class Document
{
    private function __construct() {}

    /** Any member by JSON pointer ('/active', '/aud/0'); null where there is none. Integers beyond PHP's are strings. */
    public function field(string $pointer): mixed {}

    /** The whole object. It may hold secrets. */
    public function value(): array {}
}

/**
 * A login on a device without a browser, which waits for its user.
 *
 * @property-read string $userCode what the user enters, to be shown as it is: for the user's eyes and nobody else's
 * @property-read string $verificationUri where the user enters it
 * @property-read string|null $verificationUriComplete the same with the code in it, for a QR code; as secret as the code
 * @property-read int $expiresAt milliseconds since the Unix epoch
 * @property-read float $interval seconds between two polls at least; more after each slow_down
 * @property-read list<string> $deviations how the answer departed from RFC 8628
 * @strict-properties
 */
final class Device
{
    private function __construct() {}

    /** The login as a versioned text, for $_SESSION or a database; saved anew after polling it holds the pace. A secret. */
    public function saved(): string {}

    /**
     * The login that saved() wrote, in any language.
     * @throws Usage where the text is damaged or of a newer version
     */
    public static function restore(#[\SensitiveParameter] string $saved): Device {}

    /** @throws Usage always: use saved() */
    public function __serialize(): array {}

    /** @throws Usage always: use restore() */
    public function __unserialize(#[\SensitiveParameter] array $data): void {}
}

/**
 * A login whose user is asked on a device of their own.
 *
 * @property-read int $expiresAt milliseconds since the Unix epoch
 * @property-read float $interval seconds between two polls at least; more after each slow_down
 * @strict-properties
 */
final class Backchannel
{
    private function __construct() {}

    /** The login as a versioned text, for $_SESSION or a database; saved anew after polling it holds the pace. A secret. */
    public function saved(): string {}

    /**
     * The login that saved() wrote, in any language.
     * @throws Usage where the text is damaged or of a newer version
     */
    public static function restore(#[\SensitiveParameter] string $saved): Backchannel {}

    /** @throws Usage always: use saved() */
    public function __serialize(): array {}

    /** @throws Usage always: use restore() */
    public function __unserialize(#[\SensitiveParameter] array $data): void {}
}

/** Why something failed. Its class says whose move it is; no text in it holds a secret. */
abstract class Error extends \RuntimeException
{
    /** usage, refused, garbled, untrusted, expired, no_answer or store */
    public readonly string $kind;
    /** The server's own code, the cause of no answer (timeout, connect, …), or what is wrong with the store (away, busy, denied, full, …). */
    public readonly ?string $errorCode;
    /** The standard meaning of the server's code (invalid_client, …): branch on this. */
    public readonly ?string $standardCode;
    /** The server's description, made printable. */
    public readonly ?string $description;
    /** The server's error_uri. Show it, do not open it. */
    public readonly ?string $errorUri;
    /** The HTTP status; null where there was no answer. */
    public readonly ?int $status;
    /** Whether the same request can succeed later. */
    public readonly bool $transient;
    /** For NoAnswer: whether the request may have reached the server. */
    public readonly ?bool $mayHaveBeenSent;
    /** Whether a code or refresh token may have been used up by a request whose answer was lost. */
    public readonly bool $ambiguous;
    /** Seconds that the server asked to wait. */
    public readonly ?float $retryAfter;
    /** A token that was renewed before this failed: the older one is worthless, so keep it. */
    public readonly ?Token $renewed;

    /** The answer's whole body. It may hold secrets, which is why the message does not. */
    public function body(): ?string {}
}

/** The program's move: something was asked for that cannot be right. */
final class Usage extends Error
{
}

/** The server said no; see $standardCode and $transient. */
final class Refused extends Error
{
}

/** The server's makers' move: the answer makes no sense. */
final class Garbled extends Error
{
}

/** Stop: what came may be from someone else. */
final class Untrusted extends Error
{
}

/** The user's move: the login or token is over. Start again. */
final class Expired extends Error
{
}

/** The network's move: there was no answer; see $mayHaveBeenSent. */
final class NoAnswer extends Error
{
    /** For a client's $carry callable: says that there is no answer, and why. */
    public function __construct(
        string $message = '',
        bool $mayHaveBeenSent = true,
        string $cause = 'other',
        ?\Throwable $previous = null
    ) {}
}

/** The store keeper's move: a session's store could not be read or written; see $errorCode. Nothing that was in it is lost. */
final class StoreError extends Error
{
}
