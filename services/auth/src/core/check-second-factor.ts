import type { AuditDraft, RequestContext } from '@guildhall/resources';
import { requirePatience } from './check-password.ts';
import { wrongCode } from './codes.ts';
import type { SecretHashes } from './random.ts';
import type { Database, Stores } from './stores.ts';
import type { Totp, TotpSeals } from './totp.ts';
import type { InTurn } from './turns.ts';

export interface SecondFactorCheckParts {
  readonly database: Database;
  readonly hashes: SecretHashes;
  readonly totp: Totp;
  readonly totpSeals: TotpSeals;
  /** One try of an account at a time: the others wait outside of the database. */
  readonly inTurn: InTurn;
}

/** The kind of a second factor that was shown, and, for a recovery code, how many are left. */
export type ShownFactor = { readonly kind: 'totp' } | { readonly kind: 'recovery_code'; readonly left: number };

export interface SecondFactorTry {
  readonly userId: string;
  readonly code: string;
  readonly at: Date;
  /** The audit event of a refusal. */
  readonly draft: AuditDraft;
}

/** The hash of a recovery code of an account. */
export const recoveryHashOf = (hashes: Pick<SecretHashes, 'hashCode'>, userId: string, code: string): string =>
  hashes.hashCode(userId, 'recovery', code);

/** The subject that wrong codes of an account are counted by, wherever they come from: only who has the first factor gets here. */
const subjectOf = (hashes: SecretHashes, userId: string): string => hashes.hashSubject(`second factor of ${userId}`);

/**
 * Runs a change with the second factor of an account, under the delays of wrong tries of this account. A try is counted before the code is looked at
 * and cleared with the change, so that many at once are no more than many in turn. The change gets the function that uses the code up, which
 * throws WRONG_CODE; where the change is rolled back, so is the use. Throws RATE_LIMITED, WRONG_CODE, which is audited, and what the change throws.
 */
export const withSecondFactor = <T>(
  parts: SecondFactorCheckParts,
  context: Pick<RequestContext, 'recordDenial'>,
  attempt: SecondFactorTry,
  change: Change<T>,
): Promise<T> => parts.inTurn(`second factor of ${attempt.userId}`, () => tryFactor(parts, context, attempt, change));

type Change<T> = (stores: Stores, use: () => Promise<ShownFactor>) => Promise<T>;

const tryFactor = async <T>(
  { database, hashes, totp, totpSeals }: SecondFactorCheckParts,
  context: Pick<RequestContext, 'recordDenial'>,
  { userId, code, at, draft }: SecondFactorTry,
  change: Change<T>,
): Promise<T> => {
  const subject = subjectOf(hashes, userId);
  const attempt = { pairId: subject, addressId: '', at };
  const { loginFailures, secondFactors } = database.stores;
  requirePatience(await loginFailures.reserve(attempt), attempt);
  const stored = await secondFactors.find(userId);
  const isTotp = /^\d{6}$/.test(code);
  const step = isTotp && stored !== null ? totp.matchingStep(totpSeals.open(userId, stored.sealedSecret), code, at) : null;
  let isWrong = false;
  const use = async ({ secondFactors: factors }: Stores): Promise<ShownFactor> => {
    if (isTotp && step !== null && (await factors.useStep(userId, step, at))) return { kind: 'totp' };
    const left = isTotp ? null : await factors.spendRecoveryCode(userId, recoveryHashOf(hashes, userId, code), at);
    if (left !== null) return { kind: 'recovery_code', left };
    isWrong = true;
    throw wrongCode();
  };
  try {
    return await database.inTransaction(async (stores) => {
      const done = await change(stores, () => use(stores));
      await stores.loginFailures.clear(subject);
      return done;
    });
  } catch (error) {
    if (isWrong) await context.recordDenial(draft);
    throw error;
  }
};
