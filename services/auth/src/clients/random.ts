import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Random } from '../core/random.ts';

const secretBytes = 32;
const codeDigits = 8;

export const random: Random = {
  newId: () => randomUUID(),
  newSecret: () => randomBytes(secretBytes).toString('base64url'),
  newCode: () => String(randomInt(10 ** codeDigits)).padStart(codeDigits, '0'),
};
