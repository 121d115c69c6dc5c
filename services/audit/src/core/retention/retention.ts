import type { Actor, AuditEventMessage, Change, GlobalPermission } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { mustReadAudit } from '../access.ts';
import { mustBeTold, type TakeEvents } from '../trail/take-events.ts';

export interface RetentionPolicy {
  /** Null: for ever. */
  readonly keepDays: number | null;
  readonly version: number;
  readonly updatedAt: string | null;
}

export interface RetentionPolicies {
  /** The first version, for ever, while nobody has set another. */
  read(): Promise<RetentionPolicy>;
  /** Null when the version is another by now. */
  replace(keepDays: number | null, version: number): Promise<RetentionPolicy | null>;
}

/**
 * Which events: those recorded before a moment, those about a person, or those named. What tells of a removal is removed by age
 * alone: a redaction never takes the word of another, or its own.
 */
export type Removal =
  | { readonly reason: 'pruned'; readonly recordedBefore: string }
  | { readonly reason: 'redacted'; readonly userId: string }
  | { readonly reason: 'redacted'; readonly eventIds: readonly string[] };

export interface RemovableEvents {
  /** How many there are, up to `max`. */
  count(removal: Removal, max: number): Promise<number>;
  /** Removes all of at most `limit` of them but id, place and leaf hash, in one statement; answers how many they were. */
  remove(removal: Removal, limit: number): Promise<number>;
  /** The same of what was set aside and never came into the log; whoever is named anywhere in it is meant. It goes whole. */
  countSetAside(removal: Removal, max: number): Promise<number>;
  removeSetAside(removal: Removal, limit: number): Promise<number>;
}

export interface RetentionParts {
  readonly policies: RetentionPolicies;
  readonly removable: RemovableEvents;
  readonly takeEvents: TakeEvents;
  readonly newId: () => string;
  readonly now: () => Date;
  /** Tells which person was meant to who knows the id, and nothing to others. */
  readonly digestOf: (userId: string) => string;
}

/** Who asks, for the trail. */
export interface Asker {
  readonly permissions: readonly string[];
  readonly actor: Actor;
  readonly requestId: string;
}

/** Rows of one statement, so that none holds its locks for long. */
export const removalBatchMax = 1_000;
/** As many as one event tells of. */
const countedMax = 1_000_000;
const dayMs = 24 * 60 * 60 * 1_000;
const manage: GlobalPermission = 'installation:manage';
const keeper: Actor = { type: 'system', id: 'retention' };

const mustManage = ({ permissions }: Asker): void => {
  if (!permissions.includes(manage)) throw new AppError('FORBIDDEN', `This needs the permission ${manage}.`);
};

type Told = Pick<Asker, 'actor' | 'requestId'> & { readonly action: string; readonly changes: readonly Change[] };

const tell = async ({ takeEvents, newId, now }: RetentionParts, { actor, action, changes, requestId }: Told): Promise<void> => {
  const message: AuditEventMessage = {
    id: newId(),
    kind: 'audit',
    occurredAt: now().toISOString(),
    payload: {
      actor,
      action,
      resource: { type: 'audit-trail', id: 'events' },
      result: 'success',
      changes: [...changes],
      requestId,
      service: 'audit',
    },
  };
  await mustBeTold(takeEvents, message);
};

/** Removes at most `count` events and answers how many they were. */
const removeUpTo = async (remove: (limit: number) => Promise<number>, count: number): Promise<number> => {
  let removed = 0;
  while (removed < count) {
    const limit = Math.min(removalBatchMax, count - removed);
    const batch = await remove(limit);
    removed += batch;
    if (batch < limit) break;
  }
  return removed;
};

/**
 * Says in the trail what is about to be removed, and only then removes it, and never more than was said: nothing goes untold,
 * whatever dies or arrives in between. Answers how many were removed.
 */
const removeTold = async (parts: RetentionParts, removal: Removal, told: Told): Promise<number> => {
  let removed = 0;
  for (let count = countedMax; count === countedMax;) {
    count = await parts.removable.count(removal, countedMax);
    if (count === 0) return removed;
    await tell(parts, { ...told, changes: [...told.changes, { path: '/count', after: count }] });
    removed += await removeUpTo((limit) => parts.removable.remove(removal, limit), count);
  }
  return removed;
};

const removeSetAsideTold = async (parts: RetentionParts, removal: Removal, told: Told): Promise<number> => {
  const count = await parts.removable.countSetAside(removal, countedMax);
  if (count === 0) return 0;
  await tell(parts, { ...told, changes: [...told.changes, { path: '/count', after: 0 }, { path: '/setAside', after: count }] });
  return removeUpTo((limit) => parts.removable.removeSetAside(removal, limit), count);
};

const removeAllTold = async (parts: RetentionParts, removal: Removal, told: Told): Promise<number> =>
  (await removeTold(parts, removal, told)) + (await removeSetAsideTold(parts, removal, told));

/** Removes what is older than the policy lets it be, and answers how many. Nothing happens while it says for ever. */
export const createPrune = (parts: RetentionParts) => async (): Promise<number> => {
  const { keepDays } = await parts.policies.read();
  if (keepDays === null) return 0;
  const recordedBefore = new Date(parts.now().getTime() - keepDays * dayMs).toISOString();
  const told = {
    actor: keeper,
    requestId: 'retention',
    action: 'audit.prune',
    changes: [{ path: '/before', after: recordedBefore }],
  };
  return removeAllTold(parts, { reason: 'pruned', recordedBefore }, told);
};

/** Throws FORBIDDEN. */
export const createGetRetention =
  ({ policies }: RetentionParts) =>
  async ({ permissions }: Asker): Promise<RetentionPolicy> => {
    mustReadAudit(permissions);
    return policies.read();
  };

/** Throws FORBIDDEN, VERSION_MISMATCH. */
export const createSetRetention =
  (parts: RetentionParts) =>
  async (asker: Asker, keepDays: number | null, version: number): Promise<RetentionPolicy> => {
    mustManage(asker);
    const before = await parts.policies.read();
    const mismatch = new AppError(
      'VERSION_MISMATCH',
      `The current version is ${before.version}. Read it again and repeat your change on it.`,
    );
    if (before.version !== version) throw mismatch;
    await tell(parts, {
      ...asker,
      action: 'audit.retention',
      changes: [{ path: '/keepDays', before: before.keepDays, after: keepDays }],
    });
    const set = await parts.policies.replace(keepDays, version);
    if (set === null) throw mismatch;
    return set;
  };

export interface Redaction {
  readonly userId?: string | undefined;
  readonly eventIds?: readonly string[] | undefined;
}

/** Answers how many events were removed. Throws FORBIDDEN; INVALID unless exactly one of the two is named. */
export const createRedact =
  (parts: RetentionParts) =>
  async (asker: Asker, { userId, eventIds }: Redaction): Promise<number> => {
    mustManage(asker);
    if (userId !== undefined && eventIds === undefined) {
      const changes = [{ path: '/userDigest', after: parts.digestOf(userId) }];
      return removeAllTold(parts, { reason: 'redacted', userId }, { ...asker, action: 'audit.redact', changes });
    }
    if (userId === undefined && eventIds !== undefined) {
      const changes = [{ path: '/eventIds', after: eventIds }];
      return removeAllTold(parts, { reason: 'redacted', eventIds }, { ...asker, action: 'audit.redact', changes });
    }
    throw new AppError('INVALID', 'Name either a user or events.');
  };
