// What does an OpenID-certified authorization server say to our client? npm oidc-provider, with everything switched on.
//
// Three issuers in one: at the root, below a path (RFC 8414 section 3.1), and one that keeps to the FAPI 2.0 security profile.

import * as tls from 'node:tls';
import { load, serve } from '../front.mjs';
import { clients, strictClients, told } from './clients.mjs';
import { configuration } from './features.mjs';
import { keys } from './keys.mjs';

const { Provider, errors } = await load('oidc-provider');

const PATH = '/tenants/one';
const STRICT = '/fapi';

await serve(({ origin, mtlsOrigin, certificates }) => {
  // RFC 7591 and the draft of client-id metadata documents let a client name addresses, and a test's are on this machine.
  tls.setDefaultCACertificates([...tls.getCACertificates(), certificates.ca]);
  const theirs = keys('client');
  const known = clients(theirs, certificates);
  const strict = strictClients(theirs);

  // The keys it signs with come first, those that it signed with before stay to be seen (OpenID Connect Core section 10.1.1).
  let jwks = [];
  let handler;
  const rotate = () => {
    jwks = [...Object.values(keys('server')).map((key) => key.private), ...jwks];
    const at = (path, clients, more = () => {}) => {
      const settings = configuration({ clients, jwks: { keys: jwks }, errors, mtls: `${mtlsOrigin}${path}`, delayed });
      more(settings.features);
      return graded(new Provider(`${origin}${path}`, settings)).callback();
    };
    const fapi = at(STRICT, strict, (features) => {
      features.fapi = { enabled: true, profile: '2.0' };
      features.pushedAuthorizationRequests.requirePushedAuthorizationRequests = true;
    });
    handler = mounted({ [PATH]: at(PATH, known), [STRICT]: fapi }, at('', known));
  };
  rotate();

  return {
    handler: (request, response) => {
      if (request.url !== '/-/rotate') return handler(request, response);
      rotate();
      return response.writeHead(204).end();
    },
    line: {
      issuer: origin,
      issuers: { path: `${origin}${PATH}`, fapi: `${origin}${STRICT}` },
      mtls: mtlsOrigin,
      clients: Object.fromEntries([...known, ...strict].map((client) => [client.client_id, told(client, theirs)])),
    },
  };
});

// How somebody logs in is up to a server's own pages, and the development pages know no ways. So this says it: in the way that was asked for
// first, but for the user named "weak", who knows one way only, and is no user of a client that must have another.
function graded(provider) {
  const finished = provider.interactionFinished.bind(provider);
  provider.interactionFinished = async (request, response, result, options) => {
    if (result.login) {
      const { params } = await provider.interactionDetails(request, response);
      const must = JSON.parse(params.claims ?? '{}').id_token?.acr?.values;
      const [first] = must ?? params.acr_values?.split(' ') ?? [];
      const weak = result.login.accountId === 'weak';
      if (weak && must) return finished(request, response, { error: 'unmet_authentication_requirements' }, options);
      result.login.acr = (!weak && first) || 'bronze';
    }
    return finished(request, response, result, options);
  };
  return provider;
}

// As Express would mount them. The well-known path of an issuer with a path comes before it (RFC 8414 section 3.1).
function mounted(below, root) {
  return (request, response) => {
    const known = request.url.match(/^\/\.well-known\/oauth-authorization-server(\/.+)$/);
    if (known) request.url = `${known[1]}/.well-known/oauth-authorization-server`;
    const path = Object.keys(below).find((prefix) => request.url.startsWith(`${prefix}/`));
    if (!path) return root(request, response);
    request.originalUrl = request.url;
    request.url = request.url.slice(path.length);
    return below[path](request, response);
  };
}

// The answer of somebody at another device, a second later.
function delayed(provider, request, account, client, refusal) {
  setTimeout(async () => {
    if (refusal) return provider.backchannelResult(request, refusal);
    const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
    grant.addOIDCScope(request.scope);
    await grant.save();
    return provider.backchannelResult(request, grant);
  }, 1000);
}
