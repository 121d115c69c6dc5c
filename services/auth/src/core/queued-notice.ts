import { noticeLifetimeSeconds } from './limits.ts';
import type { Mail, QueuedMail, SealMail } from './mails.ts';
import { secondsAfter, type Random } from './random.ts';

/** A notice of a changed credential, sealed for the queue. */
export const queuedNotice = (
  { random, sealMail }: { readonly random: Random; readonly sealMail: SealMail },
  mail: Mail,
  at: Date,
): QueuedMail => {
  const id = random.newId();
  return { id, sealedMail: sealMail(id, mail), expiresAt: secondsAfter(at, noticeLifetimeSeconds) };
};
