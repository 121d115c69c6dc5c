import type { AuditEventMessage, CommunityPermission, CommunityRole } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { auditEvent, type Deed, type EventParts, type Request } from './audit.ts';
import type { Digest } from './changes.ts';
import { keptChanging, keyUsedForAnother, mustHold } from './refusals.ts';
import type { Place, RememberedAnswer, WorkspaceStore, Write } from './workspace-store.ts';

/** What the operations on workspaces are made of. */
export interface WorkspaceParts extends EventParts {
  readonly store: WorkspaceStore;
  /** SHA-256, in hexadecimal. */
  readonly sha256: Digest;
}

/** Throws FORBIDDEN where the role does not hold the permission, and leaves the attempt in the audit trail. */
export const admit = async (
  parts: WorkspaceParts,
  request: Request,
  role: CommunityRole,
  permission: CommunityPermission,
  deed: Deed,
): Promise<void> => {
  try {
    mustHold(role, permission);
  } catch (error) {
    if (isAppError(error)) await parts.store.recordDenial(auditEvent(parts, request, 'denied', deed));
    throw error;
  }
};

/** A write of the caller's, with the event that tells of it. */
export const writeOf = (request: Request, permission: CommunityPermission, event: AuditEventMessage): Write => ({
  userId: request.caller.userId,
  permission,
  event,
});

/** Looking, deciding and storing: again when someone got ahead between the two, but not for ever. */
const attemptsMax = 3;

/** Runs `attempt` until it answers something else than undefined. Throws SERVICE_UNAVAILABLE when it never does. */
export const untilSettled = async <T>(attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let count = 0; count < attemptsMax; count += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome;
  }
  throw keptChanging();
};

export interface Creation<T> {
  readonly request: Request;
  readonly idempotencyKey: string | undefined;
  /** All that makes two requests the same one. */
  readonly fingerprint: readonly unknown[];
  /** Throws when the caller may not see the place. */
  readonly findPlace: () => Promise<Place>;
  /** Throws when the caller may not create there. */
  readonly make: (place: Place) => Promise<T>;
  readonly insert: (made: T, place: Place, remembered: RememberedAnswer | null) => Promise<boolean>;
}

/** All that makes two requests the same one, as text: the order of a body's fields does not matter. */
export const fingerprintOf = (values: readonly unknown[]): string =>
  JSON.stringify(values, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );

/** Creates once: the same key and request answers what the first one did, also when both come at once. */
export const createOnce = async <T>(parts: WorkspaceParts, creation: Creation<T>): Promise<T> => {
  const requestHash = parts.sha256(fingerprintOf(creation.fingerprint));
  return await untilSettled(async () => {
    const place = await creation.findPlace();
    if (place.earlier !== null) {
      if (place.earlier.requestHash !== requestHash) throw keyUsedForAnother();
      return place.earlier.body as T;
    }
    const made = await creation.make(place);
    const key = creation.idempotencyKey;
    const remembered = key === undefined ? null : { key, requestHash, body: made };
    return (await creation.insert(made, place, remembered)) ? made : undefined;
  });
};
