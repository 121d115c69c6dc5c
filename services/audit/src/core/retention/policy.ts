import { AppError } from '@guildhall/errors';
import { requirePermission, requireVersion, versionMismatch, type VersionCondition } from '@guildhall/resources';
import { requireAuditReader } from '../access.ts';
import type { SignedInContext } from '../request-context.ts';
import { recordOrThrow } from '../trail/take-events.ts';
import { trailResource, type RemovalParts } from './removal.ts';

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

export interface RetentionParts extends Pick<RemovalParts, 'takeEvents' | 'keepDaysMin'> {
  readonly policies: RetentionPolicies;
}

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
