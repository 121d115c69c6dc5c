import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;

const bytesOf = (secret: string): Buffer => {
  const bits = secret
    .replaceAll(/[\s=]/g, '')
    .split('')
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};

/** The six digits that an authenticator shows so many steps from now (RFC 6238): a code is taken once. */
export const codeOf = (secret: string, stepsFromNow = 0): string => {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(Math.floor(Date.now() / stepMs) + stepsFromNow));
  const digest = createHmac('sha1', bytesOf(secret)).update(moving).digest();
  const offset = (digest.at(-1) ?? 0) % 16;
  return String((digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
};

/** Waits for the next step where the present one lasts no longer than so many milliseconds. */
export const untilStepLasts = async (ms: number): Promise<void> => {
  const left = stepMs - (Date.now() % stepMs);
  if (left <= ms) await sleep(left);
};
