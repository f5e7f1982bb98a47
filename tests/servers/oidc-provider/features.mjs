// What can the server do?
//
// Everything that oidc-provider has, with short answers where it asks for a policy of ours. Its own development pages log anybody in.

import { X509Certificate, randomBytes } from 'node:crypto';

// RFC 8707: one API with tokens that anybody can read (RFC 9068), one with tokens that only introspection explains.
const APIS = {
  'https://api.example/jwt': { scope: 'read write', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } },
  'https://api.example/opaque': { scope: 'read write', accessTokenFormat: 'opaque' },
};

export function configuration({ clients, jwks, errors, mtls, delayed }) {
  return {
    clients,
    jwks,
    scopes: ['openid', 'offline_access', 'profile', 'email', 'read', 'write'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    // RFC 9470: ways of logging in; server.mjs says who knows which.
    acrValues: ['bronze', 'silver', 'gold'],
    // RFC 9068 section 2.2.1
    extraTokenClaims: (ctx) => {
      const login = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken;
      return login && { acr: login.acr, auth_time: login.authTime };
    },
    responseTypes: ['code', 'code id_token', 'code token', 'code id_token token', 'id_token token', 'id_token', 'none'],
    clientAuthMethods: [
      'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none', 'tls_client_auth', 'self_signed_tls_client_auth',
    ],
    cookies: { keys: [randomBytes(32).toString('hex')] },
    discovery: { mtls_endpoint_aliases: aliases(mtls) },
    enabledJWA: {
      dPoPSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519'],
    },
    // One machine, one clock: what lasts for three seconds ends after three.
    clockTolerance: 0,
    findAccount,
    // Every refresh token works once, and a second time kills its family (RFC 9700 section 4.14.2).
    rotateRefreshToken: (ctx) => ctx.oidc.client.clientId !== 'lasting',
    issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    ttl: {
      AccessToken: (ctx, token, client) => (client.clientId === 'hasty' ? 3 : 3600),
      ClientCredentials: (ctx, token, client) => (client.clientId === 'hasty' ? 3 : 600),
      AuthorizationCode: 60,
      DeviceCode: (ctx, code, client) => (client.clientId === 'hasty' ? 2 : 600),
      IdToken: 3600,
      RefreshToken: 24 * 3600,
      Interaction: 600,
      Session: 24 * 3600,
      Grant: 24 * 3600,
      BackchannelAuthenticationRequest: 600,
    },
    // It guards itself against being sent to its own machine, which is where everything of a test is.
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
    features: {
      devInteractions: { enabled: true },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      introspection: { enabled: true },
      jwtIntrospection: { enabled: true },
      jwtResponseModes: { enabled: true },
      jwtUserinfo: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      userinfo: { enabled: true },
      requestObjects: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      registration: { enabled: true, initialAccessToken: false },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce },
      ciba: { enabled: true, deliveryModes: ['poll'], ...ciba(errors, delayed) },
      resourceIndicators: { enabled: true, getResourceServerInfo: api(errors), useGrantedResource: () => true },
      richAuthorizationRequests: { enabled: true, ...authorizationDetails(errors) },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        selfSignedTlsClientAuth: true,
        tlsClientAuth: true,
        getCertificate,
        certificateAuthorized: (ctx) => ctx.socket.authorized === true || fronted(ctx, 'x-client-verified') === 'SUCCESS',
        certificateSubjectMatches: (ctx, property, expected) => property === 'tls_client_auth_san_dns'
          && getCertificate(ctx).checkHost(expected, { subject: 'never' }) !== undefined,
      },
    },
  };
}

// RFC 8705 section 5
function aliases(mtls) {
  return {
    token_endpoint: `${mtls}/token`,
    revocation_endpoint: `${mtls}/token/revocation`,
    introspection_endpoint: `${mtls}/token/introspection`,
    pushed_authorization_request_endpoint: `${mtls}/request`,
    device_authorization_endpoint: `${mtls}/device/auth`,
    backchannel_authentication_endpoint: `${mtls}/backchannel`,
    userinfo_endpoint: `${mtls}/me`,
  };
}

// Everybody is known but the stranger.
function findAccount(ctx, sub) {
  if (sub === 'stranger') return undefined;
  return { accountId: sub, claims: () => ({ sub, name: `${sub} Example`, email: `${sub}@example.com`, email_verified: true }) };
}

// One client at every endpoint, and everybody at the API, which asks before it knows whose token it is.
function requireNonce(ctx) {
  return ctx.oidc.client?.clientId === 'dpop-nonce' || ctx.oidc.route === 'userinfo';
}

function getCertificate(ctx) {
  const told = fronted(ctx, 'x-client-certificate');
  if (told) return new X509Certificate(decodeURIComponent(told));
  const { raw } = ctx.socket.getPeerCertificate?.() ?? {};
  return raw && new X509Certificate(raw);
}

// What the front that stands before this server says of the client.
const fronted = (ctx, header) => ctx.req.behindFront && ctx.get(header);

const api = (errors) => (ctx, indicator) => {
  // A test may be an API itself.
  const known = APIS[indicator] ?? (indicator.startsWith('https://localhost:') && APIS['https://api.example/opaque']);
  if (!known) throw new errors.InvalidTarget();
  return { audience: indicator, accessTokenTTL: 3600, ...known };
};

// Nobody holds a telephone: the user named "refuser" says no, all others yes, and each after a second.
function ciba(errors, delayed) {
  return {
    processLoginHint: (ctx, hint) => hint,
    processLoginHintToken: () => undefined,
    verifyUserCode: () => undefined,
    validateBindingMessage: () => undefined,
    validateRequestContext: () => undefined,
    triggerAuthenticationDevice(ctx, request, account, client) {
      delayed(ctx.oidc.provider, request, account, client, account.accountId === 'refuser' && new errors.AccessDenied());
    },
  };
}

function authorizationDetails(errors) {
  return {
    types: {
      payment: {
        validate(ctx, detail) {
          if (typeof detail.amount !== 'string') throw new errors.InvalidAuthorizationDetails('a payment has an amount');
        },
      },
    },
    authorizationDetailsForGrantSource: (ctx, source) => source.rar ?? ctx.oidc.grant?.rar,
    authorizationDetailsForAccessToken: (ctx, token, source) => source?.rar,
    authorizationDetailsForIntrospection: (ctx, token) => token.rar,
  };
}
