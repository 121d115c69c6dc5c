import { hash } from 'node:crypto';
import type { Sha256 } from '@guildhall/tlog';

/** SHA-256 of the parts one behind the other. By way of a text, which costs half of what a buffer from `hash` does. */
export const sha256: Sha256 = (...parts) => Buffer.from(hash('sha256', Buffer.concat(parts), 'latin1'), 'latin1');

/** SHA-256 of a text in UTF-8, in hexadecimal. */
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/** SHA-256 of a text in UTF-8, in base64url. */
export const sha256Base64Url = (text: string): string => hash('sha256', text, 'base64url');
