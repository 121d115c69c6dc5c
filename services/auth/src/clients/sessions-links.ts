import type { SessionsLinks } from '../core/sessions-link.ts';
import { sessionsLinkEnd } from '../core/sessions-link.ts';
import type { Vault } from './vault.ts';

const context = 'link that ends sessions';

/** Links whose token is sealed, so that nobody makes one; it travels in the fragment, which browsers send to no server. */
export const createSessionsLinks = (vault: Vault, publicUrl: string): SessionsLinks => ({
  linkOf: (userId, at) => {
    const token = vault.seal(JSON.stringify([userId, sessionsLinkEnd(at).toISOString()]), context);
    return `${publicUrl.replace(/\/+$/, '')}/#/end-sessions/${token}`;
  },
  read: (token) => {
    const opened = openOrNull(vault, token);
    if (opened === null) return null;
    const [userId, expiresAt] = JSON.parse(opened) as [string, string];
    return { userId, expiresAt: new Date(expiresAt) };
  },
});

/** Null for whatever does not open: it was made elsewhere. */
const openOrNull = (vault: Vault, token: string): string | null => {
  try {
    return vault.open(token, context);
  } catch {
    return null;
  }
};
