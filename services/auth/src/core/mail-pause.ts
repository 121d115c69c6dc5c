import { AppError } from '@guildhall/errors';
import { networkOf } from '@guildhall/resources';
import { addressMailRate, askerMailRate } from './limits.ts';
import type { SecretHashes } from './random.ts';
import type { Database, Stores } from './stores.ts';

interface PauseParts {
  readonly database: Database;
  readonly hashes: Pick<SecretHashes, 'hashSubject'>;
}

/** Spends a mail to an address of those that one network may ask for. Throws RATE_LIMITED when none is left. */
export const requireMailOfAsker = async (
  { database, hashes }: PauseParts,
  { email, ip }: { readonly email: string; readonly ip: string },
  now: Date,
): Promise<void> => {
  const subject = hashes.hashSubject(`mail ${email} asked from ${networkOf(ip)}`);
  if (await database.stores.mails.spendRate(subject, askerMailRate, now)) return;
  throw new AppError('RATE_LIMITED', 'You have asked for many mails to this address. Use the code of the last one, or wait.', {
    retryAfterSeconds: askerMailRate.pauseSeconds,
  });
};

/** The subject of the mails to an address, whoever asks for them. */
export const addressMailSubject = (hashes: PauseParts['hashes'], email: string): string =>
  hashes.hashSubject(`mail ${email} asked by anyone`);

/**
 * Spends a mail to an address of those that it may get, whoever asks. Where false is returned, nothing is mailed, and the asker is not
 * told: others asked before.
 */
export const spendMailOfAddress = ({ mails }: Stores, subject: string, now: Date): Promise<boolean> =>
  mails.spendRate(subject, addressMailRate, now);
