--TEST--
Active\Agent: settings, and what cannot be right
--EXTENSIONS--
active
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/sandbox.inc';

var_dump(new Active\Agent());
var_dump(new Active\Agent(deadline: 2.5, connectTimeout: 1, maxBody: 100, userAgent: 'test', proxy: 'http://user:password@proxy.example:3128'));
fails(fn () => new Active\Agent(roots: '/no/such/file.pem'), 'no file');
fails(fn () => new Active\Agent(roots: "bundled\0"), 'NUL');
fails(fn () => new Active\Agent(proxy: "http://a\0b"), 'NUL in proxy');
fails(fn () => new Active\Agent(roots: 'https://roots.example/ca.pem'), 'a URL is no file');
fails(fn () => new Active\Agent(deadline: 0), 'deadline 0');
fails(fn () => new Active\Agent(deadline: NAN), 'deadline NAN');
fails(fn () => new Active\Agent(connectTimeout: -1), 'connectTimeout -1');
fails(fn () => new Active\Agent(deadline: INF), 'deadline INF');
fails(fn () => new Active\Agent(maxBody: 0), 'maxBody 0');
fails(fn () => new Active\Agent(idle: 0), 'idle 0');
fails(fn () => new Active\Agent(certificate: '/no/such/file.pem', key: '/no/such/file.pem'), 'no file of a certificate');
fails(fn () => new Active\Agent(certificate: "-----BEGIN CERTIFICATE-----\n", key: 'the key itself'), 'no file of a key');
fails(fn () => new Active\Agent(key: '-----BEGIN PRIVATE KEY-----'), 'a key alone');
fails(fn () => new Active\Agent(certificate: "a\0b"), 'NUL in certificate');
fails(fn () => new Active\Agent([]), 'array');
$agent = new Active\Agent();
fails(fn () => $agent->__construct(), 'twice');
fails(fn () => $agent->deadline = 3, 'write');
fails(fn () => $agent->nothing, 'unknown');
fails(fn () => clone $agent, 'clone');
fails(fn () => serialize($agent), 'serialize');
fails(fn () => unserialize('O:12:"Active\Agent":0:{}'), 'unserialize');
fails(fn () => (new ReflectionClass('Active\Agent'))->newInstanceWithoutConstructor(), 'without constructor');
// What is wrong inside a PEM or with a proxy is told by the first exchange.
$broken = new Active\Agent(roots: "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n");
fails(fn () => (new Active\Client('buildpass', 'id', secret: 's', agent: $broken))->token('client_credentials', ['scope' => 'a']), 'PEM');
$broken = new Active\Agent(certificate: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
fails(fn () => (new Active\Client('buildpass', 'id', secret: 's', agent: $broken))->token('client_credentials', ['scope' => 'a']), 'no key');
$broken = new Active\Agent(proxy: 'gopher://proxy.example');
fails(fn () => (new Active\Client('buildpass', 'id', secret: 's', agent: $broken))->token('client_credentials', ['scope' => 'a']), 'proxy');
--EXPECT--
object(Active\Agent)#1 (4) {
  ["deadline"]=>
  float(30)
  ["connectTimeout"]=>
  float(10)
  ["maxBody"]=>
  int(1048576)
  ["idle"]=>
  float(15)
}
object(Active\Agent)#1 (4) {
  ["deadline"]=>
  float(2.5)
  ["connectTimeout"]=>
  float(1)
  ["maxBody"]=>
  int(100)
  ["idle"]=>
  float(15)
}
no file: Active\Usage: roots: /no/such/file.pem is neither bundled, system, a PEM text nor a file that can be read
NUL: Active\Usage: roots: holds a NUL byte
NUL in proxy: Active\Usage: proxy: holds a NUL byte
a URL is no file: Active\Usage: roots: https://roots.example/ca.pem is neither bundled, system, a PEM text nor a file that can be read
deadline 0: Active\Usage: deadline: must be seconds, from 0.001 to a month
deadline NAN: Active\Usage: deadline: must be seconds, from 0.001 to a month
connectTimeout -1: Active\Usage: connectTimeout: must be seconds, from 0.001 to a month
deadline INF: Active\Usage: deadline: must be seconds, from 0.001 to a month
maxBody 0: Active\Usage: maxBody: must be more than 0 bytes
idle 0: Active\Usage: idle: must be seconds, from 0.001 to a month
no file of a certificate: Active\Usage: certificate: neither a PEM text nor a file that can be read
no file of a key: Active\Usage: key: neither a PEM text nor a file that can be read
a key alone: Active\Usage: key: it is a certificate's, and none is given
NUL in certificate: Active\Usage: certificate: holds a NUL byte
array: TypeError: Active\Agent::__construct(): Argument #1 ($roots) must be of type string, array given
twice: Error: Active\Agent is made already
write: Error: Active\Agent::$deadline is read-only
unknown: Error: Undefined property Active\Agent::$nothing
clone: Error: Trying to clone an uncloneable object of class Active\Agent
serialize: Exception: Serialization of 'Active\Agent' is not allowed
unserialize: Exception: Unserialization of 'Active\Agent' is not allowed
without constructor: ReflectionException: Class Active\Agent is an internal class marked as final that cannot be instantiated without invoking its constructor
PEM: Active\Usage: roots: the PEM holds something that is not an X.509 certificate; expected the authority's certificate as PEM (-----BEGIN CERTIFICATE-----)
no key: Active\Usage: client certificate: the PEM of its key holds none (-----BEGIN PRIVATE KEY-----)
proxy: Active\Usage: proxy: not a proxy's URL, give http://host:port (https:// too; SOCKS is not supported)
