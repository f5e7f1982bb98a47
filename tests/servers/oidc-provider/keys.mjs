// Which keys does the server sign with, and which do its clients?
//
// All are made at each start: a private key in a repository is one that somebody uses.

import { generateKeyPairSync } from 'node:crypto';

const kinds = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

let made = 0;

// { alg: { public, private (both JWK), pem (PKCS 8) } }, with names that no other keys have.
export function keys(owner) {
  made += 1;
  return Object.fromEntries(Object.entries(kinds).map(([alg, make]) => {
    const { publicKey, privateKey } = make();
    const named = { kid: `${owner}-${alg}-${made}`, alg, use: 'sig' };
    return [alg, {
      public: { ...publicKey.export({ format: 'jwk' }), ...named },
      private: { ...privateKey.export({ format: 'jwk' }), ...named },
      pem: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    }];
  }));
}
