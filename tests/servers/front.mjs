// How does a counterpart start, count what reaches it, and end?
//
// It is given its certificates as one line of JSON on standard input, listens on a free port of 127.0.0.1 over HTTPS, and prints one line of
// JSON that says where it is and whom it knows. It ends when standard input does, so that it never outlives the test that started it.

import { createRequire } from 'node:module';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages are not installed beside these files, which a checkout brings, but where tests/setup put them.
const installed = createRequire(join(process.env.ACTIVE_SERVERS, 'package.json'));
export const load = (name) => import(pathToFileURL(installed.resolve(name)));

// build({ origin, mtlsOrigin, certificates }) gives { handler, line }: what answers a request, and what is printed.
export async function serve(build) {
  const input = createInterface({ input: process.stdin });
  input.once('close', () => process.exit(0));
  const certificates = JSON.parse((await once(input, 'line')));

  const plain = await listen({ cert: certificates.certificate, key: certificates.key });
  // RFC 8705 section 5: a place of its own, so that nobody else is asked for a certificate.
  const mtls = await listen({
    cert: certificates.certificate,
    key: certificates.key,
    ca: certificates.ca,
    requestCert: true,
    rejectUnauthorized: false,
  });
  // For a front that asks for the certificate in the server's place, and tells of it in headers that nobody else's word is taken for.
  const behind = await listen({ cert: certificates.certificate, key: certificates.key });
  const { handler, line } = await build({ origin: plain.origin, mtlsOrigin: mtls.origin, certificates });
  line.behind = behind.origin;

  const counts = {};
  const front = (request, response) => {
    const [path] = request.url.split('?');
    if (path === '/-/counts') {
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify(counts));
    }
    const key = `${request.method} ${path}`;
    counts[key] = (counts[key] ?? 0) + 1;
    return handler(request, response);
  };
  plain.server.on('request', front);
  mtls.server.on('request', front);
  behind.server.on('request', (request, response) => {
    request.behindFront = true;
    front(request, response);
  });
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const once = (emitter, event) => new Promise((resolve) => { emitter.once(event, resolve); });

async function listen(options) {
  const server = createServer(options);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `https://localhost:${server.address().port}` };
}
