import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Random } from '../core/random.ts';

const secretBytes = 32;
const codeDigits = 8;

const recoveryAlphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const recoveryGroup = (): string =>
  Array.from({ length: 5 }, () => recoveryAlphabet[randomInt(recoveryAlphabet.length)]).join('');

export const random: Random = {
  newId: () => randomUUID(),
  newSecret: () => randomBytes(secretBytes).toString('base64url'),
  newRecoveryCode: () => `${recoveryGroup()}-${recoveryGroup()}`,
  newCode: () => String(randomInt(10 ** codeDigits)).padStart(codeDigits, '0'),
};
