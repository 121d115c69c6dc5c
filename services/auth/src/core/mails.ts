import { codeLifetimeSeconds, type MailRate } from './limits.ts';

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
   * Spends one of the mails of a rate, whose subject is a digest: a few at once and then one a pause. False when none is left. Of any
   * number of callers at once no more get one than there are.
   */
  spendRate(subject: string, rate: MailRate, now: Date): Promise<boolean>;
}

// No text repeats what someone typed into a form: a mail of ours must not carry a stranger's words to anyone.
const minutes = Math.round(codeLifetimeSeconds / 60);

export const verificationMail = (to: string, code: string, at: Date): Mail => ({
  to,
  subject: 'Confirm your address for Guildhall',
  text: [
    `Your code is ${code}`,
    '',
    `It confirms the registration made at ${at.toISOString()}, is good for ${minutes} minutes, and only where you registered.`,
    'If you did not register, there is nothing for you to do: without this code nobody can use your address.',
    '',
  ].join('\n'),
});

export const resetMail = (to: string, code: string, at: Date): Mail => ({
  to,
  subject: 'Reset your password at Guildhall',
  text: [
    `Your code is ${code}`,
    '',
    `It sets a new password for your account. It was asked for at ${at.toISOString()}, is good for ${minutes} minutes, and only where it was asked for.`,
    'If you did not ask for it, there is nothing for you to do: tell nobody the code.',
    '',
  ].join('\n'),
});

export interface SignInMail {
  /** The address that asked. */
  readonly ip: string;
  readonly at: Date;
}

export const signInCodeMail = (to: string, { code, ip, at }: SignInMail & { readonly code: string }): Mail => ({
  to,
  subject: 'Sign in to Guildhall',
  text: [
    `Your code is ${code}`,
    '',
    `It signs in to your account. It was asked for at ${at.toISOString()} from the address ${ip}, is good for ${minutes} minutes, once, and only where it was asked for.`,
    'If you did not ask for it, there is nothing for you to do: tell nobody the code.',
    '',
  ].join('\n'),
});

/** The token travels in the fragment of the link, which browsers send to no server. */
export const signInLinkMail = (
  to: string,
  { publicUrl, linkToken, ip, at }: SignInMail & { readonly publicUrl: string; readonly linkToken: string },
): Mail => ({
  to,
  subject: 'Sign in to Guildhall',
  text: [
    'Sign in to your account at',
    `${publicUrl.replace(/\/+$/, '')}/#/sign-in/${linkToken}`,
    '',
    `It was asked for at ${at.toISOString()} from the address ${ip}, and is good for ${minutes} minutes, once.`,
    'In another browser than the one that asked you are shown who asked, and sign in there only when you say so.',
    'If you did not ask for it, there is nothing for you to do: pass the link on to nobody.',
    '',
  ].join('\n'),
});

/** The lines of a notice of a changed credential for whom it was not: the link ends every session at once. */
export const ifNotYou = (link: string): readonly string[] => [
  'If it was not you, sign every device out with this link, which is good for 7 days:',
  link,
];

export const passwordChangedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'Your password at Guildhall was changed',
  text: [
    `The password of your account was changed at ${at.toISOString()}. Other devices were signed out.`,
    ...ifNotYou(link),
    'Then reset your password: the one who changed it loses access with that.',
    '',
  ].join('\n'),
});

export const emailChangeMail = (to: string, code: string, at: Date): Mail => ({
  to,
  subject: 'Confirm your new address for Guildhall',
  text: [
    `Your code is ${code}`,
    '',
    `It makes this the address of an account. It was asked for at ${at.toISOString()}, is good for ${minutes} minutes, and only where it was asked for.`,
    'If you did not ask for it, there is nothing for you to do: tell nobody the code.',
    '',
  ].join('\n'),
});

export const emailChangedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'The address of your account at Guildhall was changed',
  text: [
    `Your account has another address since ${at.toISOString()}. Other devices were signed out, and this is the last mail to this one.`,
    ...ifNotYou(link),
    'Then tell whoever runs this installation now: they can suspend the account, and see what happened.',
    '',
  ].join('\n'),
});

export const newEmailMail = (to: string, at: Date): Mail => ({
  to,
  subject: 'This is the address of your account at Guildhall',
  text: [`Your account has this address since ${at.toISOString()}. Sign in with it from now on.`, ''].join('\n'),
});

export const tokenCreatedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'A token for your account at Guildhall was created',
  text: [
    `A personal access token for your account was created at ${at.toISOString()}. Programs that have it can act as you.`,
    ...ifNotYou(link),
    'Then change your password, and revoke the token: the link and a new password alone do not end it.',
    '',
  ].join('\n'),
});

export const secondFactorAddedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'Your account at Guildhall has a second factor',
  text: [
    `An authenticator was added to your account at ${at.toISOString()}: signing in asks for its code from now on. Other devices were signed out.`,
    ...ifNotYou(link),
    'Then tell whoever runs this installation: they can suspend the account, and see what happened.',
    '',
  ].join('\n'),
});

export const secondFactorRemovedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'The second factor of your account at Guildhall was removed',
  text: [
    `The authenticator and the recovery codes of your account were removed at ${at.toISOString()}. Other devices were signed out.`,
    ...ifNotYou(link),
    'Then reset your password, and add an authenticator again.',
    '',
  ].join('\n'),
});

export const recoveryCodesRenewedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'Your recovery codes at Guildhall were replaced',
  text: [
    `Your account has other recovery codes since ${at.toISOString()}. Those of before are good for nothing any more.`,
    ...ifNotYou(link),
    'Then reset your password, and tell whoever runs this installation.',
    '',
  ].join('\n'),
});

export const recoveryCodeUsedMail = (to: string, left: number, at: Date, link: string): Mail => ({
  to,
  subject: 'A recovery code signed in to your account at Guildhall',
  text: [
    `Somebody signed in with one of your recovery codes at ${at.toISOString()}. ${left} of them are left.`,
    ...ifNotYou(link),
    'Then reset your password, and get other recovery codes.',
    '',
  ].join('\n'),
});

export const tokenReusedMail = (to: string, at: Date): Mail => ({
  to,
  subject: 'A device was signed out of your account at Guildhall',
  text: [
    `A device of yours was signed out at ${at.toISOString()}: its sign-in was used from two places, as when somebody has copied it.`,
    'Sign in again on that device. If you do not know why it happened, change your password: that signs every other device out.',
    '',
  ].join('\n'),
});

export const notInvitedMail = (to: string): Mail => ({
  to,
  subject: 'You need an invite to register at Guildhall',
  text: [
    'Someone, perhaps you, tried to register with this address. Only invited addresses can register here, and this one has no open invite.',
    'If it was you, ask a member to invite this address. If not, there is nothing for you to do.',
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
