import { createHmac, randomBytes } from 'node:crypto';
import type { Totp } from '../core/totp.ts';
import { totpDigits, totpStepSeconds, totpStepsAround } from '../core/limits.ts';

/** 160 bits, as long as the output of SHA-1 (RFC 4226, section 4, R6). */
const secretBytes = 20;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 without padding (RFC 4648, section 6). */
export const toBase32 = (bytes: Uint8Array): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
};

/** The HOTP value of a counter (RFC 4226, section 5.3: dynamic truncation), with so many digits. */
export const hotp = (secret: Uint8Array, counter: number, digits: number): string => {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', secret).update(moving).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const truncated = digest.readUInt32BE(offset) & 0x7f_ff_ff_ff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
};

/** The time step of a moment (RFC 6238, section 4.2), counted from the Unix epoch. */
export const stepOf = (at: Date): number => Math.floor(at.getTime() / 1000 / totpStepSeconds);

/** Time-based one-time passwords (RFC 6238): HMAC-SHA-1, six digits, steps of 30 seconds, which every authenticator supports. */
export const totp: Totp = {
  newSecret: () => new Uint8Array(randomBytes(secretBytes)),
  toBase32,
  /** Compares with every step of the window, whatever matches: how long it takes tells nothing. */
  matchingStep: (secret, code, at) => {
    const now = stepOf(at);
    const steps = Array.from({ length: 2 * totpStepsAround + 1 }, (_, index) => now - totpStepsAround + index);
    return steps.filter((step) => hotp(secret, step, totpDigits) === code).at(-1) ?? null;
  },
};
