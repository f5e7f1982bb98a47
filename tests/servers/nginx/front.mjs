// How does nginx come to stand before a server of the tests, and how does it end?
//
// One line of JSON comes in: the authority's certificate, what to show, and where the server behind it is. One goes out: the origins of the
// servers in nginx.conf. It ends when standard input does, and nginx with it.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const NAMES = ['strict', 'older', 'lenient'];
// A port that was free a moment ago may be taken by now.
const TRIES = 3;

const once = (emitter, event) => new Promise((resolve) => { emitter.once(event, resolve); });

const folder = mkdtempSync(join(tmpdir(), 'counterparts-nginx-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const input = createInterface({ input: process.stdin });
let nginx;
let ending = false;
input.once('close', () => {
  ending = true;
  if (!nginx?.kill()) process.exit(0);
});

const { ca, certificate, key, upstream } = JSON.parse(await once(input, 'line'));
const file = (name, text) => writeFileSync(join(folder, name), text, { mode: 0o600 });
file('ca.pem', ca);
file('server.pem', certificate);
file('server.key', key);
for (let left = TRIES; left > 0; left -= 1) {
  const ports = await start();
  if (ports) {
    process.stdout.write(`${JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, `https://localhost:${ports[name]}`])))}\n`);
    await once(nginx, 'exit');
    process.exit(ending ? 0 : 1);
  }
}
process.exit(1);

// The ports it listens at; nothing where it ended instead.
async function start() {
  const ports = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await free()])));
  const filled = { folder, upstream, ...ports };
  const template = readFileSync(new URL('nginx.conf', import.meta.url), 'utf8');
  file('nginx.conf', template.replace(/\{(\w+)\}/g, (whole, name) => filled[name] ?? whole));
  // Debian keeps it where only root looks.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  let ended = false;
  nginx.once('error', (error) => { ended = true; process.stderr.write(`nginx: ${error.message}; tests/setup installs it\n`); });
  nginx.once('exit', () => { ended = true; });
  while (!ended) {
    if (await listens(ports.lenient)) return ports;
    await pause(20);
  }
}

async function free() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
