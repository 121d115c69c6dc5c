import { jwksCacheSecondsMax } from '@guildhall/contracts';
import { withTimeLimit } from '@guildhall/repeat';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { isKeyAddress } from '../../core/admission/outside-issuers.ts';

const timeoutMs = 2_000;
/** After an unknown key id, how long until the keys are fetched again. */
const cooldownMs = 5_000;
/** How long a failure to read the metadata is kept, so that tokens that nobody has signed make no more requests than that. */
const retryMs = 2_000;
/** The longest metadata, or set of keys, that is read. */
const answerBytesMax = 256 * 1024;

const Metadata = Compile(Type.Object({ issuer: Type.String(), jwks_uri: Type.String() }));

/**
 * The keys of an outside issuer, found by its metadata (OpenID Connect Discovery 1.0, section 4; RFC 7517). Both are read anew after `jwksCacheSecondsMax`, and the
 * keys for an unknown key id, which is not more often than every five seconds. Rejects where they cannot be had.
 */
export const createOutsideKeys = (issuer: string, monotonicMs: () => number): JWTVerifyGetKey => {
  let known: { readonly keys: Promise<JWTVerifyGetKey>; until: number } | null = null;
  const find = (): Promise<JWTVerifyGetKey> => {
    if (known !== null && monotonicMs() < known.until) return known.keys;
    const reading = { keys: discover(issuer), until: monotonicMs() + jwksCacheSecondsMax * 1000 };
    known = reading;
    reading.keys.catch(() => {
      reading.until = monotonicMs() + retryMs;
    });
    return reading.keys;
  };
  return async (...given) => (await find())(...given);
};

const discover = async (issuer: string): Promise<JWTVerifyGetKey> => {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await withTimeLimit(timeoutMs, (signal) => boundedFetch(address, { redirect: 'manual', signal }));
  if (response.status !== 200) throw new Error(`${address} answered ${response.status}.`);
  const metadata: unknown = await response.json();
  if (!Metadata.Check(metadata) || metadata.issuer !== issuer) throw new Error(`${address} is not the metadata of ${issuer}.`);
  if (!isKeyAddress(metadata.jwks_uri)) throw new Error(`${address} names no https:// address of keys.`);
  return createRemoteJWKSet(new URL(metadata.jwks_uri), {
    timeoutDuration: timeoutMs,
    cooldownDuration: cooldownMs,
    cacheMaxAge: jwksCacheSecondsMax * 1000,
    [customFetch]: boundedFetch,
  });
};

/** Fetches, and reads no more than `answerBytesMax`. */
const boundedFetch = async (address: string, options: RequestInit): Promise<Response> => {
  const { status, body } = await fetch(address, options);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > answerBytesMax) throw new Error(`${address} answered more than ${answerBytesMax} bytes.`);
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { status });
};
