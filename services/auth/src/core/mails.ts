import { codeLifetimeSeconds } from './limits.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Seals a mail for the queue: it carries codes and lies in the database until it is sent. */
export type SealMail = (id: string, mail: Mail) => string;

/** A mail that waits to be sent, sealed. */
export interface QueuedMail {
  readonly id: string;
  readonly sealedMail: string;
  /** The time after which the mail is useless. */
  readonly expiresAt: Date;
  /** The event that asked for the mail, whose sender hears what became of it. */
  readonly requestId?: string;
}

/** Mails that wait to be sent. Added in the transaction of the change, so that none is promised and lost. */
export interface MailQueue {
  add(mail: QueuedMail, now: Date): Promise<void>;
  /**
   * Spends one of the mails that the address with this digest may be sent by others, a few at once and then one a pause. False when
   * none is left. Of any number of callers at once no more get one than there are.
   */
  spendRate(addressDigest: string, now: Date): Promise<boolean>;
}

// No text repeats what someone typed into a form: a mail of ours must not carry a stranger's words to anyone.
const minutes = Math.round(codeLifetimeSeconds / 60);

export const verificationMail = (to: string, code: string, at: Date): Mail => ({
  to,
  subject: 'Confirm your address for Guildhall',
  text: [
    `Your code is ${code}`,
    '',
    `It confirms the request made at ${at.toISOString()} and is good for ${minutes} minutes. A code from an earlier mail no longer works.`,
    'If you did not ask for it at that time, do not use it: whoever did would share your account. Register again instead.',
    '',
  ].join('\n'),
});

export const alreadyRegisteredMail = (to: string): Mail => ({
  to,
  subject: 'You already have an account at Guildhall',
  text: [
    'Someone, perhaps you, tried to register with this address. You already have an account, and nothing about it changed.',
    'If it was you, sign in instead. If not, there is nothing for you to do.',
    '',
  ].join('\n'),
});
