<?php

/**
 * How does code that was written for adoy/PHP-OAuth2 run on Active? The same names, with TLS verified, time limits, and an exception
 * on refusal.
 *
 * Put this folder on the include path, in the place of that library's: `require_once 'Client.php'` and the GrantType files then give
 * these classes. The extension itself declares none of them. What differs is in bindings/php/README.md.
 */

namespace OAuth2;

use Active;

class Client
{
    /** Where the client's id and secret go: both words mean the body of the POST. */
    const AUTH_TYPE_URI = 0;
    const AUTH_TYPE_AUTHORIZATION_BASIC = 1;
    const AUTH_TYPE_FORM = 2;

    /** Where the access token goes. */
    const ACCESS_TOKEN_URI = 0;
    const ACCESS_TOKEN_BEARER = 1;
    const ACCESS_TOKEN_OAUTH = 2;
    /** Never became a standard: known by name only, and refused. */
    const ACCESS_TOKEN_MAC = 3;

    const GRANT_TYPE_AUTH_CODE = 'authorization_code';
    const GRANT_TYPE_PASSWORD = 'password';
    const GRANT_TYPE_CLIENT_CREDENTIALS = 'client_credentials';
    const GRANT_TYPE_REFRESH_TOKEN = 'refresh_token';

    const HTTP_METHOD_GET = 'GET';
    const HTTP_METHOD_POST = 'POST';
    const HTTP_METHOD_PUT = 'PUT';
    const HTTP_METHOD_DELETE = 'DELETE';
    const HTTP_METHOD_HEAD = 'HEAD';
    const HTTP_METHOD_PATCH = 'PATCH';

    /** Forms are written application/x-www-form-urlencoded whichever is given. */
    const HTTP_FORM_CONTENT_TYPE_APPLICATION = 0;
    const HTTP_FORM_CONTENT_TYPE_MULTIPART = 1;

    /** The options of setCurlOption that have a meaning here, by the numbers that ext/curl gives them. */
    private const CURL_OPTIONS = [
        13 => 'CURLOPT_TIMEOUT',
        155 => 'CURLOPT_TIMEOUT_MS',
        78 => 'CURLOPT_CONNECTTIMEOUT',
        156 => 'CURLOPT_CONNECTTIMEOUT_MS',
        10065 => 'CURLOPT_CAINFO',
        10004 => 'CURLOPT_PROXY',
        10018 => 'CURLOPT_USERAGENT',
    ];

    /** ActiveBuilding's dialect reads every answer that RFC 6749 allows, and its own; here it may be any server's. */
    private const PROVIDER = [
        'version' => 1,
        'extends' => 'activebuilding',
        'token' => [
            'grants' => ['authorization_code', 'password', 'client_credentials', 'refresh_token'],
            'token_types' => ['BearerToken' => 'Bearer'],
        ],
    ];

    protected $client_id;
    protected $client_auth;
    protected $access_token_type = self::ACCESS_TOKEN_URI;
    protected $access_token_param_name = 'access_token';
    protected $certificate_file;
    /** Wrapped, so that no dump, cast or export of this object shows them. */
    private \SensitiveParameterValue $client_secret;
    private ?\SensitiveParameterValue $access_token = null;
    private \SensitiveParameterValue $curl_options;

    /**
     * @param string|null $certificate_file a PEM file: exactly its authorities are trusted. Without one, active.roots in php.ini says whom.
     */
    public function __construct(
        $client_id,
        #[\SensitiveParameter]
        $client_secret,
        $client_auth = self::AUTH_TYPE_URI,
        $certificate_file = null
    ) {
        if (!extension_loaded('active')) {
            throw new Exception('The PHP extension active must be loaded to use these classes.', Exception::EXTENSION_NOT_FOUND);
        }
        if (!empty($certificate_file) && !is_file($certificate_file)) {
            throw new InvalidArgumentException('The certificate file was not found', InvalidArgumentException::CERTIFICATE_NOT_FOUND);
        }
        $this->client_id = (string) $client_id;
        $this->client_secret = new \SensitiveParameterValue((string) $client_secret);
        $this->client_auth = $client_auth;
        $this->certificate_file = $certificate_file;
        $this->curl_options = new \SensitiveParameterValue([]);
    }

    public function getClientId()
    {
        return $this->client_id;
    }

    public function getClientSecret()
    {
        return $this->client_secret->getValue();
    }

    public function setClientAuthType($client_auth)
    {
        $this->client_auth = $client_auth;
    }

    /** The URL to send the browser to. A `state` among the extra parameters is yours to make, and to compare in the callback. */
    public function getAuthenticationUrl($auth_endpoint, $redirect_uri, array $extra_parameters = array())
    {
        if (!preg_match('~^https://~i', $auth_endpoint)) {
            throw new InvalidArgumentException('The authorization endpoint must be an https URL.', InvalidArgumentException::INVALID_URL);
        }
        $parameters = array_merge(
            ['response_type' => 'code', 'client_id' => $this->client_id, 'redirect_uri' => $redirect_uri],
            $extra_parameters
        );
        $separator = str_contains($auth_endpoint, '?') ? '&' : '?';
        return $auth_endpoint . $separator . http_build_query($parameters, '', '&', PHP_QUERY_RFC3986);
    }

    /**
     * Asks for a token.
     *
     * @param string $grant_type authorization_code, password, client_credentials or refresh_token
     * @return array the answer's fields; beside them result (the answer: an array where it is JSON, else its text), code and content_type
     * @throws Exception where the server refuses or there is no answer; getPrevious() is an Active\Error that says more
     */
    public function getAccessToken(
        $token_endpoint,
        $grant_type,
        #[\SensitiveParameter]
        array $parameters = array(),
        #[\SensitiveParameter]
        array $extra_headers = array()
    ) {
        $parameters = $this->validParameters($grant_type, $parameters);
        if ($extra_headers) {
            throw new InvalidArgumentException('A token request has no headers but its own.', InvalidArgumentException::UNSUPPORTED);
        }
        $provider = self::PROVIDER;
        $provider['name'] = self::nameOf($token_endpoint);
        $provider['token']['url'] = $token_endpoint;
        $provider['token']['auth'] = $this->authWord();
        return $this->translated(function () use ($provider, $grant_type, $parameters) {
            $token = $this->client($provider)->token($grant_type, $parameters);
            return self::answer($token->answer);
        });
    }

    public function setAccessToken(#[\SensitiveParameter] $token)
    {
        $this->access_token = $token ? new \SensitiveParameterValue((string) $token) : null;
    }

    public function hasAccessToken()
    {
        return $this->access_token !== null;
    }

    public function setAccessTokenType($type, #[\SensitiveParameter] $secret = null, $algorithm = null)
    {
        $this->access_token_type = $type;
    }

    public function setAccessTokenParamName($name)
    {
        $this->access_token_param_name = $name;
    }

    /** The time limits, the authorities, the proxy and the User-Agent; every other option is refused, and that TLS is verified stays. */
    public function setCurlOption($option, #[\SensitiveParameter] $value)
    {
        if (!isset(self::CURL_OPTIONS[$option])) {
            $known = implode(', ', self::CURL_OPTIONS);
            throw new InvalidArgumentException("The curl option $option has no meaning here, only $known.", InvalidArgumentException::UNSUPPORTED);
        }
        $this->curl_options = new \SensitiveParameterValue([self::CURL_OPTIONS[$option] => $value] + $this->curl_options->getValue());
    }

    public function setCurlOptions(#[\SensitiveParameter] $options)
    {
        foreach ($options as $option => $value) {
            $this->setCurlOption($option, $value);
        }
    }

    /**
     * Calls an API with the access token. An answer of any status is handed back.
     *
     * @param array|string $parameters the query of a GET, HEAD or DELETE, else the form; as text the body itself
     * @return array result (an array where it is JSON, else text), code, content_type
     * @throws Exception where there is no answer
     */
    public function fetch(
        #[\SensitiveParameter]
        $protected_resource_url,
        #[\SensitiveParameter]
        $parameters = array(),
        $http_method = self::HTTP_METHOD_GET,
        #[\SensitiveParameter]
        array $http_headers = array(),
        $form_content_type = self::HTTP_FORM_CONTENT_TYPE_MULTIPART
    ) {
        if (!$this->access_token) {
            throw new Exception('There is no access token: give one to setAccessToken().', Exception::INVALID_ACCESS_TOKEN_TYPE);
        }
        if ($this->access_token_type === self::ACCESS_TOKEN_URI && !is_array($parameters)) {
            throw new InvalidArgumentException(
                'You need to give parameters as array if you want to give the token within the URI.',
                InvalidArgumentException::REQUIRE_PARAMS_AS_ARRAY
            );
        }
        return $this->translated(function () use ($protected_resource_url, $parameters, $http_method, $http_headers) {
            $client = $this->client($this->apiProvider($protected_resource_url));
            $type = array_change_key_case($http_headers)['content-type'] ?? 'application/x-www-form-urlencoded';
            $headers = array_filter($http_headers, fn ($name) => strcasecmp((string) $name, 'content-type') !== 0, ARRAY_FILTER_USE_KEY);
            $inQuery = in_array($http_method, [self::HTTP_METHOD_GET, self::HTTP_METHOD_HEAD, self::HTTP_METHOD_DELETE], true);
            $pairs = is_array($parameters) ? self::flat($parameters) : ($inQuery ? self::parsed((string) $parameters) : []);
            $reply = $client->call(
                $this->token($client),
                $http_method,
                $protected_resource_url,
                query: $inQuery ? $pairs : [],
                headers: $headers,
                form: $inQuery || !is_array($parameters) ? null : $pairs,
                body: $inQuery || is_array($parameters) ? null : (string) $parameters,
                contentType: $type,
            );
            return [
                'result' => self::decoded($reply->body),
                'code' => $reply->status,
                'content_type' => $reply->header('content-type'),
            ];
        });
    }

    private function validParameters($grant_type, #[\SensitiveParameter] array $parameters): array
    {
        if (!$grant_type) {
            throw new InvalidArgumentException('The grant_type is mandatory.', InvalidArgumentException::INVALID_GRANT_TYPE);
        }
        if (!in_array($grant_type, self::PROVIDER['token']['grants'], true)) {
            throw new InvalidArgumentException("Unknown grant type '$grant_type'", InvalidArgumentException::INVALID_GRANT_TYPE);
        }
        $class = __NAMESPACE__ . '\\GrantType\\' . str_replace('_', '', ucwords($grant_type, '_'));
        if (!class_exists($class)) {
            // A script names the files that it uses; the grants of RFC 6749 need no naming.
            require_once __DIR__ . '/GrantType/' . substr(strrchr($class, '\\'), 1) . '.php';
        }
        (new $class())->validateParameters($parameters);
        // Set by the client itself, in the place that the auth type says.
        unset($parameters['grant_type'], $parameters['client_id'], $parameters['client_secret']);
        return self::flat($parameters);
    }

    private function authWord(): string
    {
        return match ($this->client_auth) {
            self::AUTH_TYPE_URI, self::AUTH_TYPE_FORM => $this->getClientSecret() === '' ? 'none' : 'post',
            // As it has always been sent: id and secret are not form-encoded first.
            self::AUTH_TYPE_AUTHORIZATION_BASIC => 'basic_raw',
            default => throw new Exception('Unknown client auth type.', Exception::INVALID_CLIENT_AUTHENTICATION_TYPE),
        };
    }

    private function client(array $provider): Active\Client
    {
        $secret = $this->getClientSecret();
        return new Active\Client($provider, $this->client_id, secret: $secret === '' ? null : $secret, agent: $this->agent());
    }

    private function agent(): ?Active\Agent
    {
        $options = $this->curl_options->getValue();
        $roots = $this->certificate_file ?: ($options['CURLOPT_CAINFO'] ?? null);
        $settings = array_filter([
            'roots' => $roots === null ? null : (string) $roots,
            'proxy' => $options['CURLOPT_PROXY'] ?? null,
            'deadline' => $options['CURLOPT_TIMEOUT'] ?? (isset($options['CURLOPT_TIMEOUT_MS']) ? $options['CURLOPT_TIMEOUT_MS'] / 1000 : null),
            'connectTimeout' => $options['CURLOPT_CONNECTTIMEOUT']
                ?? (isset($options['CURLOPT_CONNECTTIMEOUT_MS']) ? $options['CURLOPT_CONNECTTIMEOUT_MS'] / 1000 : null),
            'userAgent' => $options['CURLOPT_USERAGENT'] ?? null,
        ], fn ($setting) => $setting !== null);
        if (!$settings) {
            return null;
        }
        // What php.ini says holds for whatever was not set here.
        $settings += array_filter(['roots' => ini_get('active.roots'), 'proxy' => ini_get('active.proxy')]);
        return new Active\Agent(...$settings);
    }

    private function apiProvider(#[\SensitiveParameter] string $url): array
    {
        return [
            'version' => 1,
            'name' => self::nameOf($url),
            // Never asked for a token.
            'token' => ['url' => 'https://localhost/', 'auth' => 'none', 'token_types' => ['OAuth' => 'OAuth']],
            'api' => [
                'token' => $this->access_token_type === self::ACCESS_TOKEN_URI
                    ? ['in' => 'parameter', 'name' => $this->access_token_param_name]
                    : ['in' => 'header'],
                // Whatever the API says is the caller's.
                'expired' => [],
            ],
        ];
    }

    /** The access token as the library's own, by an exchange whose answer is at hand already. */
    private function token(Active\Client $client): Active\Token
    {
        $type = match ($this->access_token_type) {
            self::ACCESS_TOKEN_URI, self::ACCESS_TOKEN_BEARER => 'Bearer',
            self::ACCESS_TOKEN_OAUTH => 'OAuth',
            self::ACCESS_TOKEN_MAC => throw new Exception(
                'MAC tokens never became a standard and are not supported.',
                Exception::INVALID_ACCESS_TOKEN_TYPE
            ),
            default => throw new Exception('Unknown access token type.', Exception::INVALID_ACCESS_TOKEN_TYPE),
        };
        $exchange = $client->beginToken('client_credentials');
        $exchange->step();
        $exchange->receive(200, [], json_encode(['access_token' => $this->access_token->getValue(), 'token_type' => $type]));
        $exchange->step();
        return $exchange->token;
    }

    /** Runs, and turns the library's errors into the ones that old code catches. */
    private function translated(#[\SensitiveParameter] \Closure $work): array
    {
        try {
            return $work();
        } catch (Active\Usage $error) {
            throw new InvalidArgumentException($error->getMessage(), InvalidArgumentException::USAGE, $error);
        } catch (Active\NoAnswer | Active\Untrusted $error) {
            throw new Exception($error->getMessage(), Exception::CURL_ERROR, $error);
        } catch (Active\Error $error) {
            throw new Exception($error->getMessage(), $error->status ?? 0, $error);
        }
    }

    /** What error messages call the server, and what its tokens are bound to. */
    private static function nameOf(#[\SensitiveParameter] string $url): string
    {
        $host = strtolower((string) parse_url($url, PHP_URL_HOST));
        return preg_match('/^[a-z0-9._-]+$/', $host) ? $host : 'server';
    }

    private static function answer(#[\SensitiveParameter] string $body): array
    {
        $result = self::decoded($body);
        if (is_array($result)) {
            $fields = $result;
        } else {
            parse_str($body, $fields);
        }
        $type = is_array($result) ? 'application/json' : 'application/x-www-form-urlencoded';
        // Whatever is no success was thrown.
        return ['result' => $result, 'code' => 200, 'content_type' => $type] + $fields;
    }

    private static function decoded(#[\SensitiveParameter] string $body): mixed
    {
        $decoded = json_decode($body, true);
        return $decoded === null ? $body : $decoded;
    }

    /** As http_build_query names them: a[b]=c, nothing for null. */
    private static function flat(#[\SensitiveParameter] array $parameters): array
    {
        return self::parsed(http_build_query($parameters, '', '&', PHP_QUERY_RFC3986));
    }

    private static function parsed(#[\SensitiveParameter] string $query): array
    {
        $pairs = [];
        foreach (array_filter(explode('&', $query), 'strlen') as $pair) {
            [$name, $value] = explode('=', $pair, 2) + [1 => ''];
            $pairs[rawurldecode($name)][] = rawurldecode($value);
        }
        return array_map(fn (array $values) => count($values) === 1 ? $values[0] : $values, $pairs);
    }
}

class Exception extends \Exception
{
    const EXTENSION_NOT_FOUND = 0x01;
    const CURL_NOT_FOUND = 0x01;
    /** There was no answer, or not from the right server. */
    const CURL_ERROR = 0x02;
    const GRANT_TYPE_ERROR = 0x03;
    const INVALID_CLIENT_AUTHENTICATION_TYPE = 0x04;
    const INVALID_ACCESS_TOKEN_TYPE = 0x05;
    // A refusal has the HTTP status as its code.
}

class InvalidArgumentException extends \InvalidArgumentException
{
    const INVALID_GRANT_TYPE = 0x01;
    const CERTIFICATE_NOT_FOUND = 0x02;
    const REQUIRE_PARAMS_AS_ARRAY = 0x03;
    const MISSING_PARAMETER = 0x04;
    const INVALID_URL = 0x05;
    const UNSUPPORTED = 0x06;
    /** What getPrevious() says. */
    const USAGE = 0x07;
}
