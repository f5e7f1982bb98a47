// What does the server remember? The model that @node-oauth/oauth2-server asks for: clients, users, codes and tokens, all in memory.

import { randomBytes, randomUUID } from 'node:crypto';

export const REDIRECT = 'https://client.example/callback';
// What a form, a percent and a raw decoder of Basic each read otherwise (RFC 6749 section 2.3.1): this server's is a raw one.
const AWKWARD = 'a+b%41 c/=&:?~"\\';

const secret = () => randomBytes(32).toString('base64url');
const ALL = ['client_credentials', 'password', 'authorization_code', 'refresh_token'];

export const clients = [
  { id: 'plain', secret: secret(), grants: ALL },
  { id: 'awkward id+%41', secret: AWKWARD, grants: ALL },
  // Without a secret, which this server asks nobody for who shows a code_verifier.
  { id: 'public', grants: ['authorization_code', 'refresh_token'] },
  { id: 'narrow', secret: secret(), grants: ['client_credentials'] },
  // Its access tokens last for two seconds.
  { id: 'hasty', secret: secret(), grants: ALL, accessTokenLifetime: 2 },
].map((client) => ({ redirectUris: [REDIRECT], ...client }));

export const users = { alice: 'correct horse', 'zoë': 'pässwörd & "more"' };

export function model() {
  const codes = new Map();
  const access = new Map();
  const refresh = new Map();
  return {
    generateAccessToken: () => randomUUID(),
    generateRefreshToken: () => randomUUID(),
    generateAuthorizationCode: () => randomUUID(),
    async getClient(id, given) {
      const client = clients.find((known) => known.id === id);
      // The authorization endpoint asks without a secret (null), a public client has none to give (undefined).
      const fits = given === null || given === client?.secret;
      return client && fits ? client : false;
    },
    getUser: async (name, password) => (users[name] === password ? { name } : false),
    getUserFromClient: async (client) => ({ name: client.id }),
    async validateScope(user, client, scope) {
      const known = ['read', 'write'];
      if (!scope) return ['read'];
      return scope.every((one) => known.includes(one)) ? scope : false;
    },
    verifyScope: async (token, scope) => scope.every((one) => token.scope?.includes(one)),
    async saveAuthorizationCode(code, client, user) {
      const whole = { ...code, client, user };
      codes.set(code.authorizationCode, whole);
      return whole;
    },
    getAuthorizationCode: async (code) => codes.get(code),
    revokeAuthorizationCode: async (code) => codes.delete(code.authorizationCode),
    async saveToken(token, client, user) {
      // A member of the server's own stands among the answer's, as `allowExtendedTokenAttributes` lets it.
      const whole = { ...token, client, user, account: { name: user.name, plan: '' } };
      access.set(whole.accessToken, whole);
      if (whole.refreshToken) refresh.set(whole.refreshToken, whole);
      return whole;
    },
    getAccessToken: async (token) => access.get(token),
    getRefreshToken: async (token) => refresh.get(token),
    revokeToken: async (token) => refresh.delete(token.refreshToken),
  };
}
