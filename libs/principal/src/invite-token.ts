import { createHmac } from 'node:crypto';

/**
 * Derives the token of an invite from its id, keyed with the internal key (HMAC-SHA-256, RFC 2104). Nobody without the key can
 * guess it, and every service of the installation knows it without being sent it: it stands in no event and in no table.
 */
export const createInviteTokenOf =
  (internalKey: Uint8Array) =>
  (inviteId: string): string =>
    createHmac('sha256', internalKey).update(`guildhall invite ${inviteId}`).digest('base64url');
