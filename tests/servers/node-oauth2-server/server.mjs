// What does the plainest server of the Node world say to our client? npm @node-oauth/oauth2-server below Express.
//
// It reads Basic as it stands (no percent-decoding), knows the password grant, rotates refresh tokens, and names no iss.

import { load, serve } from '../front.mjs';
import { REDIRECT, clients, model, users } from './model.mjs';

const { default: OAuth2Server } = await load('@node-oauth/oauth2-server');
const { default: express } = await load('express');
const { Request, Response } = OAuth2Server;

await serve(({ origin }) => {
  const oauth = new OAuth2Server({
    model: model(),
    allowExtendedTokenAttributes: true,
    // A public client renews what it has.
    requireClientAuthentication: { refresh_token: false },
  });
  const app = express();
  app.use(express.urlencoded({ extended: false }));

  app.post('/token', answer((request, response) => oauth.token(request, response)));
  app.get('/authorize', (request, response) => response.send(page(request.url)));
  app.post('/authorize', answer((request, response) => {
    if (request.body.abort) request.body.allowed = 'false';
    return oauth.authorize(request, response, { authenticateHandler: { handle: ({ body }) => ({ name: body.login || 'nobody' }) } });
  }));
  app.get('/api', answer(async (request, response) => {
    const token = await oauth.authenticate(request, response, { scope: ['read'] });
    response.body = { user: token.user.name, scope: token.scope };
  }));

  const known = clients.map((client) => [client.id, {
    id: client.id, secret: client.secret, method: client.secret ? 'client_secret_basic' : 'none', redirect_uri: REDIRECT,
  }]);
  return { handler: app, line: { issuer: origin, clients: Object.fromEntries(known), users } };
});

// The library fills a response of its own, also where it throws.
function answer(act) {
  return async (incoming, outgoing) => {
    const request = new Request(incoming);
    const response = new Response(outgoing);
    try {
      await act(request, response);
    } catch (error) {
      // What it throws before it knows where to send the browser.
      if (!response.headers.location && response.status === 200) {
        response.status = error.code ?? 500;
        response.body = { error: error.name, error_description: error.message };
      }
    }
    outgoing.set(response.headers).status(response.status).send(response.body);
  };
}

// The parameters stay in the query of the action, where the library looks for them too.
function page(action) {
  const attribute = action.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<form method="post" action="${attribute}">
    <input name="login"><input name="password" type="password"><button>Allow</button>
    <button name="abort" value="yes">Refuse</button></form>`;
}
