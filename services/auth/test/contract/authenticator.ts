import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A value of CBOR (RFC 8949), as far as attestation objects and COSE keys have them. */
type Cbor = number | string | Uint8Array | ReadonlyMap<number | string, Cbor>;

const head = (major: number, value: number): Buffer => {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
};

const encodeCbor = (value: Cbor): Buffer => {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap((pair) => pair.map(encodeCbor))]);
};

const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();

/** The public key as COSE has it (RFC 9053): ECDSA with SHA-256 on P-256. */
const coseKeyOf = (key: KeyObject): Buffer => {
  const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  return encodeCbor(
    new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  );
};

/** The lies that an answer may hold in place of the truth. */
export interface Forged {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly isUserVerified?: boolean;
  readonly signCount?: number;
  readonly key?: KeyObject;
  readonly userHandle?: string;
  readonly crossOrigin?: boolean;
}

const flagUserPresent = 0x01;
const flagUserVerified = 0x04;
const flagAttestedData = 0x40;

/** An authenticator in software with one passkey (Web Authentication Level 3, sections 6.1 and 6.5): it makes it, and signs with it, in the browser at `origin`. */
export const createAuthenticator = (origin: string) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(16);
  let signCount = 0;
  let userHandle = randomBytes(32).toString('base64url');
  const dataOf = (
    rpId: string,
    { isUserVerified = true, signCount: given }: Forged,
    attested: Buffer = Buffer.alloc(0),
  ): Buffer => {
    const flags = flagUserPresent | (isUserVerified ? flagUserVerified : 0) | (attested.length > 0 ? flagAttestedData : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(given ?? (signCount += 1));
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, attested]);
  };
  const clientDataOf = (type: string, challenge: string, forged: Forged): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: forged.type ?? type,
        challenge: forged.challenge ?? challenge,
        origin: forged.origin ?? origin,
        crossOrigin: forged.crossOrigin ?? false,
      }),
    );
  const answer = <T extends object>(response: T) => ({
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key' as const,
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    response,
  });
  return {
    id: id.toString('base64url'),
    create(
      options: { readonly challenge: string; readonly rp: { readonly id: string }; readonly user: { readonly id: string } },
      forged: Forged = {},
    ) {
      userHandle = options.user.id;
      const length = Buffer.from([0, id.length]);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKeyOf(forged.key ?? privateKey)]);
      const authData = dataOf(forged.rpId ?? options.rp.id, forged, attested);
      const attestation = new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]);
      return answer({
        clientDataJSON: clientDataOf('webauthn.create', options.challenge, forged).toString('base64url'),
        attestationObject: encodeCbor(attestation).toString('base64url'),
        transports: ['internal'],
      });
    },
    get(options: { readonly challenge: string; readonly rpId: string }, forged: Forged = {}) {
      const clientData = clientDataOf('webauthn.get', options.challenge, forged);
      const authenticatorData = dataOf(forged.rpId ?? options.rpId, forged);
      const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), forged.key ?? privateKey);
      return answer({
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: forged.userHandle ?? userHandle,
      });
    },
  };
};

export type Authenticator = ReturnType<typeof createAuthenticator>;
