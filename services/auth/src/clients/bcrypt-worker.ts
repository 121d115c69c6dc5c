import { compareSync, hashSync, truncates } from 'bcryptjs';

// Runs in a worker thread: the event loop of the service never hashes.

/** The implementation in C, at two thirds of the processor time; undefined on a platform that its package has no build for. */
const native = await import('bcrypt').then(
  ({ default: found }) => found,
  () => undefined,
);

/** The two write UTF-8 in the same way but for halves of surrogate pairs, and the one in C takes fewer kinds of hashes. */
const isNative = (password: string, known = '$2b$'): boolean =>
  native !== undefined && password.isWellFormed() && known.startsWith('$2b$');

/**
 * Whether bcrypt tells the password from every other: it reads 72 bytes, and repeats a shorter password with a NUL in between
 * (Provos and Mazières, "A Future-Adaptable Password Scheme").
 */
const isReadWhole = (password: string): boolean => !truncates(password) && !password.includes('\0');

/** The implementation that is used here. */
export const engine = (): 'native' | 'javascript' => (native === undefined ? 'javascript' : 'native');

export const hash = ({ password, cost }: { password: string; cost: number }): string => {
  if (!isReadWhole(password)) throw new Error('bcrypt does not read all of this password: it has more than 72 bytes, or a NUL.');
  return isNative(password) && native !== undefined ? native.hashSync(password, cost) : hashSync(password, cost);
};

/** Compares first, so that a password that is never right takes as long as another. */
export const compare = ({ password, hash: known }: { password: string; hash: string }): boolean => {
  const isSame =
    isNative(password, known) && native !== undefined ? native.compareSync(password, known) : compareSync(password, known);
  return isSame && isReadWhole(password);
};
