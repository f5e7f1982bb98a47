--TEST--
Sessions in a real php-fpm: they outlive the PHP request, touch no store while their token is good, and sites never mix
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_fpm.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

require __DIR__ . '/fpm.inc';

$sandbox = new Sandbox();
$special = $sandbox->line['credentials']['buildpass']['special'];
$fpm = new Fpm(1);
$store = "$fpm->folder/store";
mkdir($store, 0700);
// Each page says what was at hand, and whose token it ends with.
$page = fn (array $client, array $session = []) => '
try {
    $client = new Active\Client(...' . var_export($client + ['provider' => 'buildpass', 'id' => 'your_client_id', 'secret' => 'your_client_secret', 'base' => $sandbox->url('buildpass')], true) . ');
    $session = new Active\Session($client, ...' . var_export($session + ['grant' => 'client_credentials', 'parameters' => ['scope' => 'read:builders']], true) . ');
    $had = $session->authorization();
    $token = $session->token();
    $claims = json_decode(base64_decode(strtr(explode(".", $token->accessToken)[1], "-_", "+/")), true);
    echo json_encode([getmypid(), $claims["jti"], $had === null ? "asked" : ($had === $token->authorization ? "at hand" : "another"), $claims["sub"], $claims["scope"] ?? ""]);
} catch (Active\Error $error) {
    echo json_encode([getmypid(), "", get_class($error) . " " . $error->errorCode]);
}';
$roots = 'active.roots=' . $sandbox->line['ca'];
$with_store = [$roots, "active.store=\"file:$store?danger_unencrypted=yes\""];
$fpm->page('one', $page([]), $with_store);
$fpm->page('one_again', $page([]), $with_store);
$fpm->page('other_client', $page(['id' => $special['client_id'], 'secret' => $special['client_secret']]), $with_store);
$fpm->page('other_scope', $page([], ['parameters' => ['scope' => 'read:swms']]), $with_store);
$fpm->page('other_user', $page([], ['user' => 'jo']), $with_store);
$fpm->page('other_agent', $page([]), [...$with_store, 'active.proxy=environment']);
$fpm->page('other_store', $page([], ['store' => 'memory:']), $with_store);
$fpm->page('other_margin', $page([], ['store' => 'memory:', 'margin' => 1.0]), $with_store);
$fpm->page('wrong_secret', $page(['secret' => 'wrong']), [$roots]);
$fpm->page('in_memory', $page([]), [$roots]);
$fpm->page('distrustful', $page([]));

$tokens = $workers = [];
$ask = function (string $name) use ($fpm, &$tokens, &$workers) {
    $said = json_decode($raw = $fpm->get($name), true) ?? [0, '', $raw];
    $workers[$said[0]] = true;
    $tokens[$said[1]] ??= count($tokens) + 1;
    return "$said[2], token " . ($said[1] === '' ? 'none' : $tokens[$said[1]]) . ' ' . ($said[4] ?? '');
};
$requests = fn () => $sandbox->counters('buildpass')['token_requests'];
foreach (['one', 'one', 'one_again', 'other_client', 'other_scope', 'other_user', 'other_store', 'one', 'other_client', 'other_scope', 'other_user', 'other_store'] as $name) {
    echo "$name: ", $ask($name), "\n";
}
echo $requests(), " token requests\n";
// Another agent, or another margin, is another session. With the same store they find the same token there; without one they ask.
foreach (['other_agent', 'other_margin', 'in_memory', 'wrong_secret', 'distrustful', 'in_memory', 'one'] as $name) {
    echo "$name: ", $ask($name), "\n";
}
echo $requests(), " token requests, ", count($workers), " worker\n";

// The token is at hand: the store may be away, and nobody notices.
rename($store, "$store-away");
echo 'one, without its store: ', $ask('one'), "\n";
rename("$store-away", $store);

// A PHP request that ends in the midst of a renewal, as gently or badly as it can, leaves the way free.
$ends = ['exit;', 'ini_set("memory_limit", "8M"); str_repeat("x", 100000000);', 'set_time_limit(1); for (;;) {}', 'throw new Exception("uncaught");', 'no_such_function();'];
foreach ($ends as $number => $end) {
    $own = ['parameters' => ['scope' => 'read:builders', 'n' => (string) $number]];
    $begin = strstr($page([], $own), '$had', true);
    $fpm->page("ends$number", '$GLOBALS["kept"] = null; ' . $begin . '$kept = $session->beginToken();
        for ($step = $kept->step(); $step instanceof Active\Store; $step = $kept->step()) { $kept->store(); }
        echo get_class($step), "\n"; ini_set("display_errors", "0"); ' . $end . '} catch (Active\Error $error) { echo get_class($error); }', $with_store);
    $fpm->page("after$number", $page([], $own), $with_store);
    echo trim($fpm->get("ends$number")), ' ';
    $seconds = seconds(function () use ($ask, $number) { echo $ask("after$number"); });
    echo $seconds < 5 ? "\n" : " after $seconds s\n";
}
unset($fpm);
--EXPECT--
one: asked, token 1 read:builders
one: at hand, token 1 read:builders
one_again: at hand, token 1 read:builders
other_client: asked, token 2 read:builders
other_scope: asked, token 3 read:swms
other_user: asked, token 4 read:builders
other_store: asked, token 5 read:builders
one: at hand, token 1 read:builders
other_client: at hand, token 2 read:builders
other_scope: at hand, token 3 read:swms
other_user: at hand, token 4 read:builders
other_store: at hand, token 5 read:builders
5 token requests
other_agent: asked, token 1 read:builders
other_margin: asked, token 6 read:builders
in_memory: at hand, token 5 read:builders
wrong_secret: Active\Refused invalid_client, token none 
distrustful: Active\Untrusted , token none 
in_memory: at hand, token 5 read:builders
one: at hand, token 1 read:builders
7 token requests, 1 worker
one, without its store: at hand, token 1 read:builders
Active\Send asked, token 8 read:builders
Active\Send asked, token 9 read:builders
Active\Send asked, token 10 read:builders
Active\Send asked, token 11 read:builders
Active\Send asked, token 12 read:builders
