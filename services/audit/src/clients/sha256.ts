import { hash } from 'node:crypto';
import type { Sha256 } from '../core/merkle-tree.ts';

/** SHA-256 of the parts one behind the other. */
export const sha256: Sha256 = (...parts) => hash('sha256', Buffer.concat(parts), 'buffer');
