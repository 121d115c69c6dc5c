import { timingSafeEqual } from 'node:crypto';

/** The token of `Authorization: Bearer …` (RFC 6750, section 2.1); undefined without one. */
export const bearerToken = (header: string | undefined): string | undefined =>
  /^Bearer ([\w.~+/=-]{1,8192})$/i.exec(header ?? '')?.[1];

/** Compares a secret in constant time. False where none is expected. */
export const isSameSecret = (given: unknown, expected: string | null): boolean => {
  if (expected === null || typeof given !== 'string') return false;
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};
