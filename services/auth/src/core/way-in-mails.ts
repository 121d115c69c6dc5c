import { ifNotYou, type Mail } from './mails.ts';

export const connectionAddedMail = (to: string, provider: string, at: Date, link: string): Mail => ({
  to,
  subject: 'Another way to sign in to your account at Guildhall',
  text: [
    `An account at ${provider} was connected at ${at.toISOString()}: whoever signs in there with it signs in to your account.`,
    ...ifNotYou(link),
    'Then change your password, and remove the connection.',
    '',
  ].join('\n'),
});

export const connectionRemovedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'A way to sign in to your account at Guildhall was removed',
  text: [
    `A connection of your account with an identity provider was removed at ${at.toISOString()}. Other devices were signed out.`,
    ...ifNotYou(link),
    'Then change your password, and connect it again.',
    '',
  ].join('\n'),
});

export const passkeyAddedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'A passkey for your account at Guildhall was added',
  text: [
    `A passkey was added to your account at ${at.toISOString()}: whoever has it signs in without the password.`,
    ...ifNotYou(link),
    'Then change your password, and remove the passkey.',
    '',
  ].join('\n'),
});

export const passkeyRemovedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'A passkey of your account at Guildhall was removed',
  text: [
    `A passkey of your account was removed at ${at.toISOString()}. Other devices were signed out.`,
    ...ifNotYou(link),
    'Then change your password, and add the passkey again.',
    '',
  ].join('\n'),
});

export const secondFactorResetMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'The second factor of your account at Guildhall was reset',
  text: [
    `Whoever runs this installation removed the authenticator, the recovery codes and the passkeys of your account at ${at.toISOString()}. Every device was signed out.`,
    'If you did not ask for that, reset your password, and tell them.',
    ...ifNotYou(link),
    '',
  ].join('\n'),
});

export const ownerRecoveredMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'Your account at Guildhall got a new password',
  text: [
    `Whoever runs this installation gave your account a new password at ${at.toISOString()}, and made it an owner. Its second factors, connections and tokens were removed, and every device was signed out.`,
    'If you did not ask for that, reset your password, and tell them.',
    ...ifNotYou(link),
    '',
  ].join('\n'),
});

export const tokenRevokedMail = (to: string, at: Date, link: string): Mail => ({
  to,
  subject: 'A token for your account at Guildhall was revoked',
  text: [
    `A personal access token of your account was revoked at ${at.toISOString()}: programs that have it are refused.`,
    ...ifNotYou(link),
    'Then change your password, and give your programs another token.',
    '',
  ].join('\n'),
});
