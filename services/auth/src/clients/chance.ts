import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Chance } from '../core/chance.ts';

const secretBytes = 32;
const codeDigits = 8;

export const chance: Chance = {
  newId: () => randomUUID(),
  newSecret: () => randomBytes(secretBytes).toString('base64url'),
  newCode: () => String(randomInt(10 ** codeDigits)).padStart(codeDigits, '0'),
};
