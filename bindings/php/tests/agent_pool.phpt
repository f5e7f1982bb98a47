--TEST--
Agents with the same settings share their connections; others do not
--EXTENSIONS--
active
--SKIPIF--
<?php require __DIR__ . '/needs_sandbox.inc'; ?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

$sandbox = new Sandbox();
$calls = function (Active\Agent $agent) use ($sandbox) {
    $sandbox->client('buildpass', agent: $agent)->token('client_credentials', ['scope' => 'read:builders']);
    return $sandbox->counters('buildpass')['connections'];
};
echo $calls($sandbox->agent()), " connection after the first\n";
echo $calls($sandbox->agent()), " after another agent with the same settings\n";
foreach (['userAgent' => 'other', 'deadline' => 20.0, 'connectTimeout' => 9.0, 'maxBody' => 5000, 'proxy' => 'http://127.0.0.1:9'] as $name => $setting) {
    echo $calls($sandbox->agent(...[$name => $setting])), " after an agent with another $name\n";
}
echo $calls(new Active\Agent(roots: file_get_contents($sandbox->line['ca']))), " after the same PEM as text\n";
// More configurations than are kept: the oldest goes, and works all the same.
$kept = $sandbox->agent();
for ($i = 0; $i < 40; $i++) {
    $sandbox->client('buildpass', agent: $sandbox->agent(maxBody: 100000 + $i));
}
echo $calls($kept), " after forty more configurations\n";
$agent = array_filter($sandbox->log('buildpass')[2]['headers'], fn ($header) => strtolower($header[0]) === 'user-agent');
echo json_encode(array_values($agent)), "\n";
--EXPECT--
1 connection after the first
1 after another agent with the same settings
2 after an agent with another userAgent
3 after an agent with another deadline
4 after an agent with another connectTimeout
5 after an agent with another maxBody
6 after an agent with another proxy
6 after the same PEM as text
7 after forty more configurations
[["user-agent","other"]]
