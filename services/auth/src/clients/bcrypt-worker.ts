import { compareSync, hashSync, truncates } from 'bcryptjs';

// Runs in a worker thread: the event loop of the service never hashes.

/**
 * Whether bcrypt tells the password from every other: it reads 72 bytes, and repeats a shorter password with a NUL in between
 * (Provos and Mazières, "A Future-Adaptable Password Scheme").
 */
const isReadWhole = (password: string): boolean => !truncates(password) && !password.includes('\0');

export const hash = ({ password, cost }: { password: string; cost: number }): string => {
  if (!isReadWhole(password)) throw new Error('bcrypt does not read all of this password: it has more than 72 bytes, or a NUL.');
  return hashSync(password, cost);
};

/** Compares first, so that a password that is never right takes as long as another. */
export const compare = ({ password, hash: known }: { password: string; hash: string }): boolean =>
  compareSync(password, known) && isReadWhole(password);
