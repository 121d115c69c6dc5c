import type { Change } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { auditEvent, requirePermission, requireVersion, versionMismatch, type VersionCondition } from '@guildhall/resources';
import { requireAuditReader } from '../access.ts';
import type { SignedInContext } from '../request-context.ts';
import { recordOrThrow } from '../trail/take-events.ts';
import { daysAgo, removalBatchMax, trailResource, type RemovalParts } from './removal.ts';

export interface RetentionPolicy {
  /** Null: events are kept for ever. */
  readonly keepDays: number | null;
  readonly version: number;
  readonly updatedAt: string | null;
}

export interface RetentionPolicies {
  /** The stored policy; version 1, for ever, while nobody has set one. */
  read(): Promise<RetentionPolicy>;
  /** Optimistic locking: null, and nothing written, when the stored version is another. */
  replace(keepDays: number | null, version: number): Promise<RetentionPolicy | null>;
}

export interface RetentionParts extends RemovalParts {
  readonly newId: () => string;
  readonly policies: RetentionPolicies;
}

/** The most events that one announcement covers. */
const announcedMax = 1_000_000;
const pruner = { actor: { type: 'system', id: 'retention' }, requestId: 'retention', service: 'audit' } as const;

/** Removes at most `count` events, a batch at a time, and returns how many. */
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

interface Expired {
  count(max: number): Promise<number>;
  remove(limit: number): Promise<number>;
  /** The change by which the audit trail states their number. */
  changesOf(count: number): readonly Change[];
}

/** Records in the trail what is about to be pruned. */
const announce = ({ takeEvents, newId, now }: RetentionParts, changes: readonly Change[]): Promise<void> => {
  const draft = { action: 'audit.prune', resource: trailResource, changes };
  return recordOrThrow(takeEvents, auditEvent({ id: newId(), at: now().toISOString(), ...pruner }, 'success', draft));
};

/** Announces a number of events and then removes no more than that, also where others expire or a process dies meanwhile. */
const removeAnnounced = async (parts: RetentionParts, before: Change, expired: Expired): Promise<number> => {
  let removed = 0;
  for (let count = announcedMax; count === announcedMax;) {
    count = await expired.count(announcedMax);
    if (count === 0) return removed;
    await announce(parts, [before, ...expired.changesOf(count)]);
    removed += await removeUpTo(expired.remove, count);
  }
  return removed;
};

/** Removes events and dead letters past their retention and returns how many. Does nothing while the policy is for ever. */
export const createPrune = (parts: RetentionParts) => async (): Promise<number> => {
  const { keepDays } = await parts.policies.read();
  if (keepDays === null) return 0;
  const recordedBefore = daysAgo(parts.now(), Math.max(keepDays, parts.keepDaysMin));
  const before = { path: '/before', after: recordedBefore };
  const { events, rejected } = parts;
  const removed = await removeAnnounced(parts, before, {
    count: (max) => events.countExpired(recordedBefore, max),
    remove: (limit) => events.removeExpired(recordedBefore, limit),
    changesOf: (count) => [{ path: '/count', after: count }],
  });
  const removedRejected = await removeAnnounced(parts, before, {
    count: (max) => rejected.countExpired(recordedBefore, max),
    remove: (limit) => rejected.removeExpired(recordedBefore, limit),
    changesOf: (count) => [
      { path: '/count', after: 0 },
      { path: '/setAside', after: count },
    ],
  });
  return removed + removedRejected;
};

/** Reads the policy. Throws FORBIDDEN. */
export const createGetRetention =
  ({ policies }: RetentionParts) =>
  async ({ caller }: SignedInContext): Promise<RetentionPolicy> => {
    requireAuditReader(caller.permissions);
    return policies.read();
  };

/** Throws INVALID for fewer days than the operator allows. */
const requireFloor = (keepDays: number | null, keepDaysMin: number): void => {
  if (keepDays === null || keepDays >= keepDaysMin) return;
  const message = `must be at least ${keepDaysMin}: the operator of this installation keeps events for so long (AUDIT_KEEP_DAYS_MIN)`;
  throw new AppError('INVALID', 'The body does not fit this operation.', { errors: [{ path: '/keepDays', message }] });
};

/** Replaces the policy. Throws FORBIDDEN, INVALID for fewer days than the operator allows, VERSION_MISMATCH. */
export const createSetRetention =
  (parts: RetentionParts) =>
  async (context: SignedInContext, keepDays: number | null, ifMatch: VersionCondition): Promise<RetentionPolicy> => {
    requirePermission(context.caller.permissions, 'installation:manage');
    requireFloor(keepDays, parts.keepDaysMin);
    const before = await parts.policies.read();
    requireVersion(before.version, ifMatch);
    const changes = [{ path: '/keepDays', before: before.keepDays, after: keepDays }];
    const event = context.audit('success', { action: 'audit.retention', resource: trailResource, changes });
    await recordOrThrow(parts.takeEvents, event);
    const replaced = await parts.policies.replace(keepDays, before.version);
    if (replaced === null) throw versionMismatch(before.version);
    return replaced;
  };
