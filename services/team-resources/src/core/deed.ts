import type { AuditEventMessage, AuditPayload, Change, CommunityPermission, CommunityRole } from '@guildhall/contracts';
import { communityRoleMay } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';

/** Something that was done, or tried, for the audit trail. */
export interface Deed {
  readonly action: string;
  readonly resource: AuditPayload['resource'];
  readonly communityId: string | null;
  readonly changes?: readonly Change[];
}

/** One request: who asks, when, and how its deeds are told. */
export interface Ask {
  readonly userId: string;
  readonly displayName: string;
  /** The caller's verified e-mail address. */
  readonly email: string;
  readonly at: string;
  readonly tell: (result: AuditPayload['result'], deed: Deed) => AuditEventMessage;
  /** Leaves the attempt in the audit trail. */
  readonly recordDenial: (event: AuditEventMessage) => Promise<void>;
}

/** Throws FORBIDDEN with the reason, and leaves the attempt in the audit trail, unless it is allowed. */
export const allow = async (ask: Ask, isAllowed: boolean, deed: Deed, reason: string): Promise<void> => {
  if (isAllowed) return;
  await ask.recordDenial(ask.tell('denied', deed));
  throw new AppError('FORBIDDEN', reason);
};

export const allowRole = (ask: Ask, role: CommunityRole, permission: CommunityPermission, deed: Deed): Promise<void> =>
  allow(ask, communityRoleMay(role, permission), deed, `Your role here, ${role}, does not include ${permission}.`);

/** What the caller may not see answers the same as what is not there. */
export const notFound = (noun: 'community' | 'member' | 'invite' | 'workspace'): AppError =>
  new AppError('NOT_FOUND', `There is no such ${noun}.`);

export const mustBeCurrent = (current: number, seen: number): void => {
  if (current !== seen) {
    throw new AppError('VERSION_MISMATCH', `The current version is ${current}. Read it again and repeat your change on it.`);
  }
};

const attemptsMax = 5;

/** Looks, decides and stores: again when someone got ahead between the two, but not for ever. */
export const untilSettled = async <T>(attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let count = 0; count < attemptsMax; count += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome;
  }
  throw new AppError('SERVICE_UNAVAILABLE', 'Others changed this at the same time. Try again.', { retryAfterSeconds: 1 });
};

/** The first answer under an Idempotency-Key. */
export interface EarlierAnswer {
  readonly requestHash: string;
  readonly body: unknown;
}

/** A key that a create claims, with the digest of the request. */
export interface RequestKey {
  readonly key: string;
  readonly requestHash: string;
}

/** The answer of the same request made before; throws UNPROCESSABLE when the key was used for another one. */
export const repeated = (earlier: EarlierAnswer | null, request: RequestKey | null): unknown => {
  if (earlier === null || request === null) return undefined;
  if (earlier.requestHash !== request.requestHash) {
    throw new AppError('UNPROCESSABLE', 'This Idempotency-Key was used for another request. Send a new one.');
  }
  return earlier.body;
};

/** What an edit changes, field by field. */
export const changesOf = (
  before: Readonly<Record<string, unknown>>,
  edit: Readonly<Record<string, unknown>>,
): readonly Change[] =>
  Object.entries(edit)
    .filter(([field, after]) => after !== undefined && before[field] !== after)
    .map(([field, after]) => ({ path: `/${field}`, before: before[field], after }));
