import { createSessionsLinks } from '../clients/sessions-links.ts';
import type { Vault } from '../clients/vault.ts';
import { queuedNotice } from '../core/queued-notice.ts';
import type { Random } from '../core/random.ts';
import type { RecoverOwnerParts } from '../core/recover-owner.ts';
import { ownerRecoveredMail } from '../core/way-in-mails.ts';
import { createEnvelopes } from './mails.ts';

/** Makes the notices to users whose account an operator brought back: a running auth sends them. */
export const createRecoveryNotices = (vault: Vault, publicUrl: string, random: Random): RecoverOwnerParts['noticeOf'] => {
  const { sealMail } = createEnvelopes(vault);
  const links = createSessionsLinks(vault, publicUrl);
  return (to, userId, at) => queuedNotice({ random, sealMail }, ownerRecoveredMail(to, at, links.linkOf(userId, at)), at);
};
