// Whom does the server know?
//
// One client for each way that a client may be: tests/*.rs and the README of crates/counterparts call them by these names.

import { X509Certificate, randomBytes } from 'node:crypto';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const CIBA = 'urn:openid:params:grant-type:ciba';
export const REDIRECT = 'https://client.example/callback';
const LOGGED_OUT = 'https://client.example/logged-out';

// What a form, a percent and a raw decoder of Basic each read otherwise (RFC 6749 section 2.3.1).
const AWKWARD = 'a+b%41 c/=&:?~"\\';

export function clients(keys, certificates) {
  const secret = () => randomBytes(32).toString('base64url');
  const base = {
    redirect_uris: [REDIRECT],
    post_logout_redirect_uris: [LOGGED_OUT],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials', DEVICE, CIBA],
    response_types: ['code'],
    backchannel_token_delivery_mode: 'poll',
    authorization_details_types: ['payment'],
  };
  const confidential = (id, method, more = {}) => ({
    ...base, client_id: id, client_secret: secret(), token_endpoint_auth_method: method, ...more,
  });
  const keyed = (id, alg, more = {}) => ({
    ...base,
    client_id: id,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: alg,
    jwks: { keys: [keys[alg].public] },
    ...more,
  });
  return [
    confidential('basic', 'client_secret_basic'),
    confidential('post', 'client_secret_post'),
    confidential('awkward id+%41', 'client_secret_basic', { client_secret: AWKWARD }),
    confidential('secret-jwt', 'client_secret_jwt', { token_endpoint_auth_signing_alg: 'HS256' }),
    ...Object.keys(keys).map((alg) => keyed(`key-${alg.toLowerCase()}`, alg)),
    {
      ...base,
      client_id: 'public',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      redirect_uris: [REDIRECT, 'http://127.0.0.1/callback', 'http://[::1]/callback'],
      grant_types: ['authorization_code', 'refresh_token', DEVICE],
    },
    // Its access tokens last for three seconds, its device codes for two.
    confidential('hasty', 'client_secret_basic'),
    // It gets the same refresh token back, by leaving it out of the answer.
    confidential('lasting', 'client_secret_basic'),
    // It may not do anything but one thing.
    confidential('narrow', 'client_secret_basic', { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }),
    // All that it is given is bound to a DPoP key; the second one is asked for a nonce each time (at the API everybody is).
    confidential('dpop', 'client_secret_basic', { dpop_bound_access_tokens: true }),
    confidential('dpop-nonce', 'client_secret_basic', { dpop_bound_access_tokens: true }),
    { ...base, client_id: 'dpop-public', token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token', DEVICE] },
    // It must push its authorization requests (RFC 9126), it must sign them (RFC 9101), it gets signed answers (JARM).
    confidential('par', 'client_secret_basic', { require_pushed_authorization_requests: true }),
    confidential('par-native', 'client_secret_basic', {
      require_pushed_authorization_requests: true, application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'],
    }),
    keyed('jar', 'ES256', { request_object_signing_alg: 'ES256', require_signed_request_object: true }),
    confidential('jarm', 'client_secret_basic', { authorization_signed_response_alg: 'ES256' }),
    // Its ID tokens come in each of the algorithms.
    ...Object.keys(keys).map((alg) => confidential(`id-token-${alg.toLowerCase()}`, 'client_secret_basic', { id_token_signed_response_alg: alg })),
    // Introspection and userinfo as JWT (RFC 9701).
    confidential('jwt-answers', 'client_secret_basic', { userinfo_signed_response_alg: 'ES256', introspection_signed_response_alg: 'ES256' }),
    // RFC 8705, both methods; bound access tokens.
    {
      ...base,
      client_id: 'tls',
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'client.example',
      tls_client_certificate_bound_access_tokens: true,
    },
    {
      ...base,
      client_id: 'tls-self-signed',
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      tls_client_certificate_bound_access_tokens: true,
      jwks: { keys: [x5c(certificates.self_signed)] },
    },
    // Section 4: nobody but the certificate knows that it is the same client again.
    {
      ...base,
      client_id: 'tls-public',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      tls_client_certificate_bound_access_tokens: true,
    },
  ];
}

function x5c(pem) {
  const certificate = new X509Certificate(pem);
  return { ...certificate.publicKey.export({ format: 'jwk' }), x5c: [certificate.raw.toString('base64')] };
}

// What the FAPI 2.0 profile allows: asymmetric authentication, bound tokens.
export function strictClients(keys) {
  const strict = (alg) => ({
    client_id: `fapi-${alg.toLowerCase()}`,
    redirect_uris: [REDIRECT],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: alg,
    id_token_signed_response_alg: alg,
    dpop_bound_access_tokens: true,
    jwks: { keys: [keys[alg].public] },
  });
  // And what its message signing adds: signed requests, signed answers.
  const signing = (alg) => ({
    ...strict(alg),
    client_id: `fapi-signing-${alg.toLowerCase()}`,
    request_object_signing_alg: alg,
    require_signed_request_object: true,
    authorization_signed_response_alg: alg,
  });
  // The profile's other way to authenticate, and to bind tokens (FAPI 2.0 section 5.3.2.1).
  const { token_endpoint_auth_signing_alg: alg, jwks, ...plain } = strict('ES256');
  const certificate = {
    ...plain,
    client_id: 'fapi-tls',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'client.example',
    dpop_bound_access_tokens: false,
    tls_client_certificate_bound_access_tokens: true,
  };
  return [...['ES256', 'PS256', 'EdDSA'].flatMap((name) => [strict(name), signing(name)]), certificate];
}

// What a test may know of them.
export function told(client, keys) {
  const alg = client.token_endpoint_auth_signing_alg;
  return {
    id: client.client_id,
    secret: client.client_secret,
    method: client.token_endpoint_auth_method,
    redirect_uri: client.redirect_uris[0],
    key: keys[alg] && { alg, kid: keys[alg].public.kid, pem: keys[alg].pem, jwk: keys[alg].private },
  };
}
