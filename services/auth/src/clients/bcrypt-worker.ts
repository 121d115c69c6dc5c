import { compareSync, hashSync } from 'bcryptjs';

// Runs in a worker thread: the event loop of the service never hashes.

export const hash = ({ password, cost }: { password: string; cost: number }): string => hashSync(password, cost);

export const compare = ({ password, hash: known }: { password: string; hash: string }): boolean => compareSync(password, known);
