--TEST--
No secret in any dump, cast, export, text, trace or log of any class
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

// Every class that the extension has must be among what is shown.
ini_set('zend.exception_ignore_args', '0');
$SECRETS = ['secret-sentinel', 'token-sentinel', 'refresh-sentinel', 'user-sentinel', 'pass-sentinel', 'query-sentinel', 'header-sentinel', 'body-sentinel', 'proxy-sentinel', 'store-sentinel'];
$forms = [];
foreach ($SECRETS as $secret) {
    array_push($forms, $secret, base64_encode($secret), rtrim(strtr(base64_encode($secret), '+/', '-_'), '='), rawurlencode($secret),
        implode('', array_map(fn ($byte) => '%' . bin2hex($byte), str_split($secret))), bin2hex($secret),
        implode(', ', array_map('ord', str_split($secret))), implode(',', array_map('ord', str_split($secret))));
}
// Basic: base64 of id:secret at each of its three places in a group.
foreach ($SECRETS as $secret) {
    foreach (['', 'x', 'xx'] as $before) {
        $forms[] = substr(base64_encode("$before$secret"), 4, -4);
    }
}
$shown = [];
$show = function (mixed ...$all) use (&$shown) {
    foreach ($all as $object) {
        $name = is_object($object) ? get_class($object) : gettype($object);
        ob_start();
        var_dump($object);
        debug_zval_dump($object);
        print_r($object);
        @var_export($object);
        echo json_encode($object, JSON_PARTIAL_OUTPUT_ON_ERROR), json_encode((array) $object, JSON_PARTIAL_OUTPUT_ON_ERROR);
        print_r((array) $object);
        print_r(get_object_vars($object));
        print_r(get_mangled_object_vars($object));
        foreach ($object as $key => $value) {
            print_r($value);
        }
        try {
            echo serialize($object);
        } catch (Throwable $refused) {
            echo $refused;
        }
        if ($object instanceof Throwable) {
            echo $object, $object->getTraceAsString(), $object->getMessage();
            print_r($object->getTrace());
        }
        $shown[$name] = ($shown[$name] ?? '') . ob_get_clean();
    }
};
$caught = function (#[SensitiveParameter] callable $work) use ($show) {
    try {
        $work();
        echo "did not fail\n";
    } catch (Active\Error $error) {
        $show($error);
        return $error;
    }
};

$agent = new Active\Agent(proxy: 'http://user:proxy-sentinel@127.0.0.1:1');
$known = ['u' => 'user-sentinel', 'p' => 'pass-sentinel'];
$client = new Active\Client('honeywell', 'id', secret: 'secret-sentinel', agent: $agent);
$show($agent, $client, new Active\Now(1, 2));
$answer = '{"access_token":"token-sentinel","token_type":"BearerToken","refresh_token":"refresh-sentinel","user":{"userId":1,"email":"user-sentinel"}}';
$exchange = $client->beginToken('client_credentials');
$send = $exchange->step();
$show($exchange, $send, $send->request);
$exchange->receive(200, [], $answer);
$exchange->step();
$token = $exchange->token;
$show($exchange, $token, $token->user);
$exchange = $client->beginCall($token, 'POST', '/x?a=query-sentinel', query: ['q' => 'query-sentinel'], headers: ['x-h' => 'header-sentinel'], json: ['b' => 'body-sentinel']);
$send = $exchange->step();
$show($exchange, $send, $send->request);
$exchange->receive(200, ['set-cookie: header-sentinel'], 'body-sentinel');
$exchange->step();
$show($exchange, $exchange->reply);
$caught(fn () => $exchange->reply->json());
$exchange = $client->beginRefresh($token);
$exchange->step();
$exchange->receive(200, [], $answer);
$show($exchange->step());
$login = $client->authorize('https://app.example/cb');
parse_str(parse_url($login->url, PHP_URL_QUERY), $asked);
$forms[] = $asked['state'];
$show($login, Active\Login::restore($login->saved()));
$exchange = $client->beginCallback($login, "?code=query-sentinel&state=$asked[state]");
$show($exchange->step(), $login);

// One error of each kind, through methods that were given secrets.
$ask = function (#[SensitiveParameter] string $body, int $status = 200) use ($client) {
    $exchange = $client->beginToken('client_credentials', ['extra' => 'query-sentinel']);
    $exchange->step();
    $exchange->receive($status, ['x: header-sentinel'], $body);
    $exchange->step();
};
$caught(fn () => $ask('{"error":"invalid_client","error_description":"no secret-sentinel here"}', 400));
$caught(fn () => $ask('{"access_token":"token-sentinel", oops'));
$caught(fn () => $ask("{\"access_token\":\"token-sentinel\",\"refresh_token\":\"refresh-sentinel\\n\"}"));
$caught(fn () => $client->token('client_credentials', ['extra' => 'query-sentinel']));
$caught(fn () => $client->token('password', $known));
$caught(fn () => $client->token('client_credentials', ['extra' => ["query-sentinel\0"]]));
$caught(fn () => $client->call($token, 'GET', 'https://other.example/?access_token=token-sentinel', query: ['q' => 'query-sentinel']));
$caught(fn () => $client->call($token, 'GET', '/x', headers: ['authorization' => 'header-sentinel']));
$caught(fn () => $client->call($token, 'GET', '/x', renewBy: ['password', $known + ['x' => null]]));
$caught(fn () => $client->call($token, 'GET', '/x', body: 'body-sentinel', form: ['a' => 'body-sentinel']));
$caught(fn () => $client->refresh($token));
$caught(fn () => $client->callback($login, '?code=query-sentinel&state=x'));
$text = $client->authorize('https://app.example/cb')->saved();
$forms[] = json_decode($text, true)['state'];
$caught(function () use ($client, &$text) { $client->callback($text, '?code=query-sentinel&state=x'); });
$caught(fn () => Active\Token::restore('{"access_token":"token-sentinel"}'));
$caught(fn () => Active\Token::restore('token-sentinel'));
$caught(fn () => Active\Login::restore('{"verifier":"secret-sentinel"}'));
$caught(fn () => (new Active\Client('buildpass', 'id', secret: "secret-sentinel\n"))->token('client_credentials', ['scope' => 'a']));
$caught(fn () => new Active\Client('buildpass', 'id', secret: "secret-sentinel\0"));
$caught(fn () => new Active\Client('{"secret":"x"', 'id', secret: 'secret-sentinel', variables: ['a' => null]));
$caught(fn () => (new Active\Client('buildpass', 'id', secret: 'secret-sentinel', base: 'https://user:pass-sentinel@api.example'))->token('client_credentials', ['scope' => 'a']));
$caught(fn () => (new Active\Client('buildpass', 'id', secret: 'secret-sentinel', agent: $agent))->token('client_credentials', ['scope' => 'a']));
$caught(fn () => new Active\Agent(proxy: "proxy-sentinel\0"));
$caught(fn () => (new Active\Client('buildpass', 'id', secret: 'secret-sentinel', agent: new Active\Agent(proxy: 'gopher://user:proxy-sentinel@host')))->token('client_credentials', ['scope' => 'a']));
$buildpass = new Active\Client('buildpass', 'id', secret: 'secret-sentinel', carry: fn () => [401, [], '{"error":"invalid_client","error_description":"secret-sentinel"}']);
$show($buildpass);
$caught(fn () => $buildpass->token('client_credentials', ['scope' => 'a']));
$unsent = new Active\Client('buildpass', 'id', secret: 'secret-sentinel', carry: fn () => throw new Active\NoAnswer('down'));
$caught(fn () => $unsent->token('client_credentials', ['scope' => 'a']));

// Sessions: at hand, stepped, and with stores whose names hold a password or a key.
$session = new Active\Session($client, grant: 'client_credentials', parameters: ['audience' => 'query-sentinel']);
$exchange = $session->beginToken();
$exchange->step();
$exchange->receive(200, [], $answer);
$exchange->step();
$show($session, $exchange);
$exchange = $session->beginLogin($token);
$show($exchange->step(), $exchange);
$exchange = $session->beginCall('POST', '/x', query: ['q' => 'query-sentinel'], body: 'body-sentinel');
$show($exchange->step(), $exchange);
$key = str_repeat('5e', 32);
array_push($forms, $key, base64_encode(hex2bin($key)));
$caught(fn () => (new Active\Session($client, "file:/tmp?key=$key"))->token());
$caught(fn () => (new Active\Session($client, 'file:/tmp?store-sentinel=store-sentinel'))->token());
$caught(fn () => (new Active\Session($client, 'store-sentinel:/store-sentinel@'))->token());
$caught(fn () => (new Active\Session($client, 'redis://store-sentinel:store-sentinel@127.0.0.1:1/0'))->token());
$caught(fn () => (new Active\Session($client, 'redis://127.0.0.1:1/store-sentinel'))->token());
$caught(fn () => (new Active\Session($client, "rediss://store-sentinel\0"))->token());
$caught(fn () => (new Active\Session($client, grant: 'password', parameters: $known + ['x' => null]))->token());
$caught(fn () => (new Active\Session($buildpass, grant: 'client_credentials', parameters: ['scope' => 'a', 'extra' => 'query-sentinel']))->token());

// What servers say in other answers, logins that users approve elsewhere, and keys.
$record = ['version' => 1, 'name' => 'login.example', 'issuer' => 'https://login.example', 'base' => 'https://login.example',
    'token' => ['url' => '/token', 'auth' => 'private_key_jwt'],
    'endpoints' => ['introspection' => '/introspect', 'device_authorization' => '/device', 'backchannel_authentication' => '/bc']];
$pem = Active\Key::generatePem();
$jwk = ['kty' => 'OKP', 'crv' => 'Ed25519', 'd' => 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'x' => '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'];
array_push($forms, explode("\n", $pem)[1], $jwk['d']);
$key = Active\Key::fromPem('ES256', $pem);
$show($key, Active\Key::fromJwk('EdDSA', $jwk));
$caught(fn () => Active\Key::fromPem('EdDSA', $pem));
$caught(fn () => Active\Key::fromJwk('ES256', $jwk));
$caught(fn () => Active\Key::fromJwk('ES256', substr(json_encode($jwk), 0, -1)));
$keyed = new Active\Client($record, 'id', key: $key, dpop: $key);
$end = function (Active\Exchange $exchange, #[SensitiveParameter] string $answer) use ($show) {
    $show($exchange, $exchange->step());
    $exchange->receive(200, [], $answer);
    $exchange->step();
    $show($exchange, $exchange->result);
    return $exchange->result;
};
$own = $end($keyed->beginToken('client_credentials'), '{"access_token":"token-sentinel","token_type":"DPoP"}');
$end($keyed->beginIntrospect($own), '{"active":true,"token":"token-sentinel"}');
$device = $end($keyed->beginDevice(['scope' => 'a']), '{"device_code":"query-sentinel","user_code":"user-sentinel","verification_uri":"https://login.example/d","verification_uri_complete":"https://login.example/d?c=user-sentinel","expires_in":900}');
$backchannel = $end($keyed->beginBackchannel(['login_hint' => 'user-sentinel']), '{"auth_req_id":"query-sentinel","expires_in":120}');
foreach ([$device, $backchannel] as $login) {
    $exchange = $keyed->beginPoll($login);
    $show($exchange, $exchange->step());
}
$caught(function () use ($end) {
    $record = ['version' => 1, 'name' => 'login.example', 'base' => 'https://login.example', 'token' => ['url' => '/token'], 'endpoints' => ['registration' => '/r']];
    $end(Active\Provider::beginRegister($record, [], 'pass-sentinel'), '{"client_id":"id","client_secret":"secret-sentinel"}');
    Active\Provider::register($record, ['redirect_uris' => ["\xff"]], 'pass-sentinel');
});
$record['endpoints'] += ['registration' => '/r', 'jwks' => '/jwks', 'end_session' => '/bye'];
$registered = Active\Registration::restore($record, '{"client_id":"id","client_secret":"secret-sentinel","registration_access_token":"manage-sentinel","registration_client_uri":"https://login.example/r/id"}');
$forms[] = 'manage-sentinel';
$show($registered, $registered->client());
$end($registered->beginReadAgain(), $registered->saved());
$caught(fn () => Active\Registration::restore($record, '["manage-sentinel"'));
$caught(fn () => Active\Registration::restore($record, "manage-sentinel\0"));
$access = new Active\Access('https://api.example/mcp', register: [], initialAccessToken: 'pass-sentinel');
$exchange = $access->beginAfter('Bearer scope="read"');
foreach (['{"resource":"https://api.example/mcp","authorization_servers":["https://login.example"]}', '{"issuer":"https://login.example","authorization_endpoint":"https://login.example/a",'
    . '"token_endpoint":"https://login.example/t","registration_endpoint":"https://login.example/r","response_types_supported":["code"],"code_challenge_methods_supported":["S256"]}', $registered->saved()] as $answer) {
    $show($exchange, $exchange->step(), $access);
    $exchange->receive(200, [], $answer);
}
$exchange->step();
$show($exchange, $exchange->result, $exchange->result->client, $exchange->result->registration);
$show(new Active\Loopback(), new Active\StepUp());
$show(...Active\Challenge::parse('Negotiate query-sentinel'));
$jwt = $key->signJwt(['sub' => 'user-sentinel']);
$show(Active\Jws::verify($jwt, ['keys' => [$key->publicJwk()]], 'ES256'));
$caught(fn () => Active\Jws::verify($jwt, ['keys' => [$key->publicJwk()]], 'EdDSA'));
$caught(fn () => Active\Jws::verify("$jwt\0", ['keys' => [$key->publicJwk()]], 'ES256'));
$caught(fn () => Active\Key::thumbprintOf(['kty' => 'oct', 'k' => 'secret-sentinel']));
$caught(fn () => Active\Client::document('https://app.example/c', ['client_secret' => 'secret-sentinel']));
$show($keyed->replace(secret: 'secret-sentinel'));
$presented = $keyed->presented('Bearer token-sentinel');
$show($presented);
$caught(fn () => $keyed->presented("Bearer token-sentinel\0"));
$caught(fn () => $keyed->presented('Basic token-sentinel'));
$caught(fn () => $keyed->accessTokenClaims($presented, 'https://api.example'));
$caught(fn () => (new Active\Client($record, 'id', secret: 'secret-sentinel', policy: 'fapi_2_0'))->token('password', ['username' => 'user-sentinel', 'password' => 'pass-sentinel']));
$caught(fn () => $keyed->endSessionUrl("$jwt\0"));
$caught(fn () => $keyed->idToken($own, "query-sentinel\0"));
$caught(fn () => Active\Key::fromSigner('ES256', fn (#[SensitiveParameter] string $message) => throw new RuntimeException('at its end'))->signJwt(['sub' => 'user-sentinel']));
$opened = $end($keyed->beginToken('client_credentials'), '{"access_token":"token-sentinel","token_type":"DPoP","id_token":"' . $jwt . '"}');
$forms[] = $jwt;
$exchange = (new Active\Client($record, 'id', key: $key))->beginIdToken($opened, 'query-sentinel');
$show($exchange, $exchange->step());
$exchange->receive(200, [], json_encode(['keys' => [$key->publicJwk()]]));
$caught(fn () => $exchange->step());
$caught(fn () => Active\Device::restore('{"device_code":"query-sentinel"}'));
$caught(fn () => Active\Backchannel::restore('query-sentinel'));
$caught(fn () => $client->poll($device));

// Made by the extension only while stepping.
$shown += ['Active\Wait' => 'given by no exchange of today', 'Active\Step' => 'abstract', 'Active\Provider' => 'static', 'Active\Resource' => 'static', 'Active\Error' => 'abstract'];
$missing = array_diff(array_keys((new ReflectionExtension('active'))->getClasses()), array_keys($shown));
echo 'not shown: ', json_encode(array_values($missing)), "\n";
$leaks = 0;
foreach ($shown as $name => $text) {
    foreach ($forms as $form) {
        if (stripos($text, $form) !== false) {
            $leaks++;
            $at = stripos($text, $form);
            echo "$name shows $form: ", substr($text, max(0, $at - 400), 500), "\n";
        }
    }
}
echo count($forms) > 80 ? "$leaks leaks\n" : "too few forms\n";
// That the search finds what is there.
$found = fn (string $text) => array_filter($forms, fn ($form) => stripos($text, $form) !== false) !== [];
var_dump($found($token->accessToken), $found($send->request->headers['authorization'][0] ?? ''), $found($token->saved()));
--EXPECT--
not shown: []
0 leaks
bool(true)
bool(true)
bool(true)
