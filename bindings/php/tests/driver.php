<?php

/**
 * How do the dialogues run in PHP? One JSON command per line in, one JSON answer per line out.
 *
 * A driver does nothing but turn commands into calls of the language's own public API; the referee (crates/dialogues) judges.
 * Run it as `php -d extension=active.so driver.php`.
 */

declare(strict_types=1);

require __DIR__ . '/driver_cast.php';

final class Driver
{
    /** Marks a text that is to be printed as a number. */
    public const BIG = "\u{1}";

    private ?Active\Client $client = null;
    private ?Active\Login $login = null;
    private ?Active\Device $device = null;
    private ?Active\Backchannel $backchannel = null;
    private ?Active\Token $token = null;
    private ?Active\Registration $registration = null;
    private ?Active\Session $session = null;
    private ?Active\Error $noSession = null;
    private ?Active\Exchange $exchange = null;
    private ?Active\Step $step = null;
    /** What the last failure was; also one of opening an exchange, which the next step answers. */
    private ?Active\Error $error = null;
    private bool $failedToOpen = false;
    /** Why there is no client: a key that is none. */
    private ?Active\Error $noClient = null;

    public function obey(#[SensitiveParameter] array $command): array
    {
        $do = $command['do'] ?? '';
        return match ($do) {
            'client' => $this->client($command),
            'token' => $this->open(fn () => $this->client->beginToken($command['grant'], self::map($command['parameters'] ?? []))),
            'refresh' => $this->open(fn () => $this->client->beginRefresh($this->token)),
            'call' => $this->open(fn () => $this->call($command)),
            'session' => $this->session($command),
            'session_token' => $this->open(fn () => $this->opened()->beginToken()),
            'session_call' => $this->open(fn () => $this->session_call($command)),
            'session_login' => $this->or_error(fn () => $this->stored($this->opened()->beginLogin($this->token), $command['now'])),
            'session_logout' => $this->or_error(fn () => $this->stored($this->opened()->beginLogout(), null)),
            'callback' => $this->open(fn () => $this->callback($command)),
            'authorize' => $this->or_error(fn () => $this->authorize($command)),
            'device' => $this->open(fn () => $this->client->beginDevice(self::map($command['parameters'] ?? []))),
            'backchannel' => $this->open(fn () => $this->client->beginBackchannel(self::map($command['parameters'] ?? []))),
            'poll' => $this->open(fn () => $this->client->beginPoll($command['what'] === 'device' ? $this->device : $this->backchannel)),
            'end_session' => $this->or_error(fn () => ['url' => $this->client->endSessionUrl(
                $command['id_token_hint'] ?? null,
                $command['post_logout_redirect_uri'] ?? null,
                $command['state'] ?? null,
            )]),
            'push' => $this->open(fn () => $this->push($command)),
            'revoke' => $this->open(fn () => $this->client->beginRevoke($this->token)),
            'introspect' => $this->open(fn () => $this->client->beginIntrospect($this->token)),
            'introspect_signed' => $this->open(fn () => $this->client->beginIntrospectSigned($this->token)),
            'presented' => $this->open(fn () => $this->presented($command)),
            'proof' => $this->or_error(fn () => ['document' => $this->client->proofClaims(
                $this->token,
                $this->exchange->result,
                $command['dpop'],
                $command['method'],
                $command['url'],
                self::now($command['now']),
            )->answer]),
            'userinfo' => $this->open(fn () => $this->client->beginUserinfo($this->token)),
            'discover' => $this->open(fn () => Active\Provider::beginDiscover($command['issuer'])),
            'resource' => $this->open(fn () => Active\Resource::beginDiscover($command['url'])),
            'register' => $this->open(fn () => Active\Provider::beginRegister(
                $command['record'],
                json_decode($command['metadata'], true),
                $command['initial_access_token'] ?? null,
            )),
            'registered' => $this->registered(),
            'read_registration' => $this->open(fn () => $this->registration->beginReadAgain()),
            'update_registration' => $this->open(fn () => $this->registration->beginUpdate(json_decode($command['metadata'], true))),
            'delete_registration' => $this->open(fn () => $this->registration->beginDelete()),
            'access' => $this->open(fn () => $this->access($command)->beginAfter($command['www_authenticate'])),
            'restore_device' => $this->or_error(fn () => $this->load_device($this->device->saved())),
            'saved_device' => ['saved' => $this->device->saved()],
            'load_device' => $this->or_error(fn () => $this->load_device($command['saved'])),
            'restore_backchannel' => $this->or_error(fn () => $this->load_backchannel($this->backchannel->saved())),
            'saved_backchannel' => ['saved' => $this->backchannel->saved()],
            'load_backchannel' => $this->or_error(fn () => $this->load_backchannel($command['saved'])),
            'restore_login' => $this->or_error(fn () => $this->load_login($this->login->saved())),
            'saved_login' => ['saved' => $this->login->saved()],
            'load_login' => $this->or_error(fn () => $this->load_login($command['saved'])),
            'restore_token' => $this->or_error(fn () => $this->load_token($this->token->saved())),
            'saved_token' => ['saved' => $this->token->saved()],
            'load_token' => $this->or_error(fn () => $this->load_token($command['saved'])),
            'field' => ['value' => self::value($this->token->field($command['pointer']))],
            'step' => $this->step($command['now'] ?? null),
            'receive' => $this->receive($command),
            'no_answer' => $this->no_answer($command),
            'show' => ['shown' => $this->shown()],
            default => ['driver_error' => "there is no command $do"],
        };
    }

    private function client(#[SensitiveParameter] array $command): array
    {
        $this->login = $this->device = $this->backchannel = $this->token = $this->exchange = $this->step = $this->error = null;
        $this->client = $this->noClient = null;
        try {
            $key = self::key($command['key'] ?? null);
            $dpop = self::key($command['dpop'] ?? null);
        } catch (Active\Error $error) {
            $this->noClient = $error;
            return ['ok' => true];
        }
        $this->client = new Active\Client(
            $command['provider'] ?? $command['record'],
            $command['id'],
            secret: $command['secret'] ?? null,
            auth: $command['auth'] ?? null,
            body: $command['body'] ?? null,
            base: $command['base'] ?? null,
            variables: $command['variables'] ?? [],
            dangerAllowPlainHttpToLoopback: $command['plain_http'] ?? false,
            key: $key,
            dpop: $dpop,
            dpopRequired: $command['dpop_required'] ?? false,
            certificateBound: $command['certificate_bound'] ?? false,
            assertionAudience: $command['assertion_audience'] ?? null,
            signedRequests: $command['signed_requests'] ?? false,
            policy: $command['policy'] ?? null,
        );
        return ['ok' => true];
    }

    private static function key(#[SensitiveParameter] ?array $given): ?Active\Key
    {
        return match (true) {
            $given === null => null,
            isset($given['pem']) => Active\Key::fromPem($given['algorithm'], $given['pem'], $given['id'] ?? null),
            default => Active\Key::fromJwk($given['algorithm'], $given['jwk'], $given['id'] ?? null),
        };
    }

    private function open(#[SensitiveParameter] callable $begin): array
    {
        $this->exchange = $this->step = $this->error = null;
        $this->failedToOpen = false;
        try {
            $this->exchange = $this->noClient === null ? $begin() : throw $this->noClient;
        } catch (Active\Error $error) {
            $this->error = $error;
            $this->failedToOpen = true;
        }
        return ['ok' => true];
    }

    private function or_error(#[SensitiveParameter] callable $work): array
    {
        try {
            return $work();
        } catch (Active\Error $error) {
            $this->error = $error;
            return ['error' => Cast::error($error)];
        }
    }

    private function call(#[SensitiveParameter] array $command): Active\Exchange
    {
        $renew_by = $command['renew_by'] ?? null;
        $body = $command['body'] ?? null;
        return $this->client->beginCall(
            $this->token,
            $command['method'],
            $command['target'],
            query: self::map($command['query'] ?? []),
            headers: $command['headers'] ?? [],
            form: isset($command['form']) ? self::map($command['form']) : null,
            body: $body === null ? null : base64_decode($body['base64']),
            contentType: $body['content_type'] ?? 'application/octet-stream',
            renewBy: $renew_by === null ? null : [$renew_by['grant'], self::map($renew_by['parameters'] ?? [])],
        );
    }

    /** A caller's token becomes the current one, and its check is opened. */
    private function presented(#[SensitiveParameter] array $command): Active\Exchange
    {
        $this->token = null;
        $this->token = $this->client->presented($command['authorization'], self::now($command['now']));
        return $this->client->beginAccessTokenClaims($this->token, $command['resource']);
    }

    /** Sessions live as long as the process, so each has a store of its own. */
    private function session(#[SensitiveParameter] array $command): array
    {
        static $number = 0;
        $this->session = null;
        try {
            $this->session = new Active\Session(
                $this->client,
                'memory:' . ++$number,
                $command['grant'] ?? null,
                self::map($command['parameters'] ?? []),
                user: $command['user'] ?? null,
            );
        } catch (Active\Error $error) {
            $this->noSession = $error;
        }
        return ['ok' => true];
    }

    private function opened(): Active\Session
    {
        return $this->session ?? throw $this->noSession;
    }

    private function session_call(#[SensitiveParameter] array $command): Active\Exchange
    {
        return $this->opened()->beginCall(
            $command['method'],
            $command['target'],
            query: self::map($command['query'] ?? []),
            headers: $command['headers'] ?? [],
            form: isset($command['form']) ? self::map($command['form']) : null,
            body: isset($command['body']) ? base64_decode($command['body']['base64']) : null,
            contentType: $command['body']['content_type'] ?? 'application/octet-stream',
        );
    }

    private function stored(#[SensitiveParameter] Active\Exchange $exchange, ?array $now): array
    {
        while ($exchange->step(self::now($now)) instanceof Active\Store) {
            $exchange->store();
        }
        return ['ok' => true];
    }

    private function callback(#[SensitiveParameter] array $command): Active\Exchange
    {
        // A variable of its own, which is set to null: the login itself is to be asked again.
        $login = $this->login;
        return $this->client->beginCallback($login, $command['url']);
    }

    private function authorize(#[SensitiveParameter] array $command): array
    {
        $this->login = $this->client->authorize(
            $command['redirect_uri'],
            self::login($command),
            lifetime: ($command['lifetime_ms'] ?? 600000) / 1000,
            now: self::now($command['now'] ?? null),
            stepUp: Active\Challenge::stepUp($command['step_up'] ?? []),
        );
        return ['url' => $this->login->url];
    }

    /** A login's parameters, among which PHP has the response type. */
    private static function login(#[SensitiveParameter] array $command): array
    {
        return self::map($command['parameters'] ?? []) + array_filter(['response_type' => $command['response_type'] ?? null]);
    }

    private function push(#[SensitiveParameter] array $command): Active\Exchange
    {
        return $this->client->beginPush(
            $command['redirect_uri'],
            self::login($command),
            lifetime: ($command['lifetime_ms'] ?? 600000) / 1000,
            now: self::now($command['now'] ?? null),
            stepUp: Active\Challenge::stepUp($command['step_up'] ?? []),
        );
    }

    private function registered(): array
    {
        $this->client = $this->registration->client();
        return ['ok' => true];
    }

    private function access(#[SensitiveParameter] array $command): Active\Access
    {
        $register = isset($command['register']) ? json_decode($command['register'], true) : null;
        return new Active\Access($command['url'], $command['client_document'] ?? null, $register, $command['initial_access_token'] ?? null);
    }

    private function admission(Active\Admission $admission): array
    {
        $this->client = $admission->client;
        $this->registration = $admission->registration;
        return Cast::admission($admission);
    }

    private function load_login(#[SensitiveParameter] string $saved): array
    {
        $this->login = Active\Login::restore($saved);
        return ['ok' => true];
    }

    private function load_device(#[SensitiveParameter] string $saved): array
    {
        $this->device = Active\Device::restore($saved);
        return ['ok' => true];
    }

    private function load_backchannel(#[SensitiveParameter] string $saved): array
    {
        $this->backchannel = Active\Backchannel::restore($saved);
        return ['ok' => true];
    }

    private function load_token(#[SensitiveParameter] string $saved): array
    {
        $this->token = Active\Token::restore($saved);
        return ['ok' => true];
    }

    private function step(?array $now): array
    {
        try {
            if ($this->failedToOpen) {
                throw $this->error;
            }
            $this->step = $this->exchange->step(self::now($now));
        } catch (Active\Error $error) {
            $this->error = $error;
            return ['error' => Cast::error($error)];
        }
        return match (true) {
            $this->step instanceof Active\Send => ['send' => Cast::request($this->step->request)],
            $this->step instanceof Active\Save => ['save' => Cast::token($this->token = $this->step->token)],
            $this->step instanceof Active\Wait => ['wait' => $this->step->milliseconds],
            default => ['done' => $this->done($this->exchange->result)],
        };
    }

    private function done(Active\Token|Active\Reply|Active\Device|Active\Backchannel|Active\Login|Active\Document|Active\Registration|Active\Admission|string $result): array
    {
        return match (true) {
            is_string($result) => ['provider' => $result],
            $result instanceof Active\Document => ['document' => $result->answer],
            $result instanceof Active\Registration => ['document' => ($this->registration = $result)->saved()],
            $result instanceof Active\Admission => ['admission' => $this->admission($result)],
            $result instanceof Active\Login => ['login' => ['url' => ($this->login = $result)->url]],
            $result instanceof Active\Reply => $this->reply($result),
            $result instanceof Active\Device => ['device' => Cast::device($this->device = $result)],
            $result instanceof Active\Backchannel => ['backchannel' => Cast::backchannel($this->backchannel = $result)],
            default => ['token' => Cast::token($this->token = $result)],
        };
    }

    private function receive(#[SensitiveParameter] array $command): array
    {
        $this->exchange->receive($command['status'], $command['headers'], base64_decode($command['body_base64']));
        return ['ok' => true];
    }

    private function no_answer(#[SensitiveParameter] array $command): array
    {
        $this->exchange->noAnswer($command['sent'] !== 'no', $command['cause'], $command['detail'] ?? '');
        return ['ok' => true];
    }

    /** Every printable form of everything that is alive. */
    private function shown(): array
    {
        $live = [$this->client, $this->registration, $this->session, $this->login, $this->device, $this->backchannel, $this->token, $this->exchange, $this->step, $this->error,
            $this->exchange?->result, $this->token?->user];
        if ($this->step instanceof Active\Send) {
            $live[] = $this->step->request;
        }
        $shown = [];
        foreach (array_filter($live, 'is_object') as $object) {
            ob_start();
            var_dump($object);
            debug_zval_dump($object);
            $shown[] = ob_get_clean();
            $shown[] = print_r($object, true);
            $shown[] = self::exported($object);
            $shown[] = (string) json_encode($object, JSON_PARTIAL_OUTPUT_ON_ERROR);
            $shown[] = print_r((array) $object, true);
            $shown[] = print_r(get_object_vars($object), true);
            $shown[] = self::serialized($object);
            $shown[] = $object instanceof Stringable ? (string) $object : '';
        }
        return $shown;
    }

    /** Exceptions hold themselves in their trace's arguments, which var_export cannot show. */
    private static function exported(object $object): string
    {
        set_error_handler(fn () => true);
        try {
            return var_export($object, true);
        } finally {
            restore_error_handler();
        }
    }

    private static function serialized(object $object): string
    {
        try {
            return serialize($object);
        } catch (Exception $refused) {
            return (string) $refused;
        }
    }

    /** PHP reads an integer beyond its own as a text of digits; the referee wants it as the number that the server wrote. */
    private static function value(mixed $value): mixed
    {
        return is_string($value) && preg_match('/^[1-9][0-9]{18,19}$/', $value) && $value > PHP_INT_MAX ? self::BIG . $value : $value;
    }

    /** Pairs as the map of lists that the API takes; the order between different names is kept. */
    private static function map(array $pairs): array
    {
        $map = [];
        foreach ($pairs as [$name, $value]) {
            $map[$name][] = $value;
        }
        return array_map(fn (array $values) => count($values) === 1 ? $values[0] : $values, $map);
    }

    private static function now(?array $now): ?Active\Now
    {
        return $now === null ? null : new Active\Now($now['wall'], $now['mono']);
    }

    private function reply(Active\Reply $reply): array
    {
        $this->token = $reply->token;
        return [
            'answer' => ['status' => $reply->status, 'headers' => Cast::pairs($reply->headers), 'body_base64' => base64_encode($reply->body)],
            'renewed' => $reply->renewed ? Cast::token($reply->renewed) : null,
        ];
    }
}

$driver = new Driver();
while (($line = fgets(STDIN)) !== false) {
    try {
        $answer = $driver->obey(json_decode($line, true, flags: JSON_THROW_ON_ERROR));
    } catch (Throwable $broken) {
        $answer = ['driver_error' => get_class($broken) . ': ' . $broken->getMessage() . ' at line ' . $broken->getLine()];
    }
    $text = json_encode($answer, JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
    echo preg_replace('/^\{"value":"\\\\u0001([0-9]+)"\}$/', '{"value":$1}', $text), "\n";
    flush();
}
