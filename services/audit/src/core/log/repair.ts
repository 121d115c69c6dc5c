import { logFaultsMax, plantedRowsMax, type AuditLogRepair, type AuditLogRepairRequest, type Change } from '@guildhall/contracts';
import { auditEvent, omitUndefined } from '@guildhall/resources';
import { isSignedBy, rootOf } from '@guildhall/tlog';
import type { Faults } from '../faults.ts';
import { trailResource } from '../retention/removal.ts';
import { recordOrThrow, type TakeEvents } from '../trail/take-events.ts';
import { acknowledgementChanges, isAcknowledgeable, type AcknowledgementSeals } from './acknowledgements.ts';
import type { Anchor } from './anchor.ts';
import type { BeginLogParts, Checkpoints, LogStanding, StoredLogKey } from './checkpoints.ts';
import type { RebuildHashes } from './rebuild.ts';
import { createTreeGuards, type TreeGuardParts } from './tree-guards.ts';
import { shownFault, type WalkFault } from './walk-faults.ts';

/** The rows that somebody planted beside the log: they are no events. */
export interface PlantedRows {
  count(): Promise<number>;
  list(limit: number): Promise<readonly string[]>;
  /** Deletes those of these rows that the log has still not placed, and returns how many. */
  remove(ids: readonly string[]): Promise<number>;
}

/** The last check of the whole log, as far as repairs need it. */
export interface CheckedLog {
  /** When the last check ended and what it found that nobody has acknowledged; null before the first. */
  lastFound(): { readonly finishedAt: string; readonly faults: readonly WalkFault[] } | null;
  readonly seals: AcknowledgementSeals;
  /** Has the log checked anew, soon. */
  checkAgain(): void;
}

export interface RepairParts {
  readonly checked: CheckedLog;
  readonly rebuildHashes: RebuildHashes;
  readonly checkpoints: Pick<Checkpoints, 'standing'>;
  readonly planted: PlantedRows;
  /** True if the log begins with the tree of its last checkpoint, which its key has signed; true before the first. */
  readonly isSignedStill: (standing: LogStanding) => Promise<boolean>;
  readonly acceptTree: AcceptTree;
  /** Forgets what this process and the witnesses' clients remember of the log. */
  readonly forget: () => void;
  readonly faults: Pick<Faults, 'standing'>;
  readonly takeEvents: TakeEvents;
  readonly newId: () => string;
  readonly now: () => Date;
}

/**
 * Says what a repair would do; with a reason, records it as `audit.repair` and then does it. Throws SERVICE_UNAVAILABLE, having changed
 * nothing, when the log does not take the event.
 */
export type RepairLog = (asked: AuditLogRepairRequest) => Promise<AuditLogRepair>;

export const createIsSignedStill = (parts: TreeGuardParts): RepairParts['isSignedStill'] => {
  const { sha256, verify } = parts;
  const { requireConsistency } = createTreeGuards(parts);
  return async ({ head, lastSigned, key }) => {
    if (lastSigned === null) return true;
    if (key === null || !isSignedBy(sha256, verify, key, lastSigned.note)) return false;
    try {
      await requireConsistency(lastSigned, { size: head.size, rootHash: rootOf(sha256, head.hashes) });
      return true;
    } catch {
      return false;
    }
  };
};

/**
 * Anchors the log at the tree that it has, or at its last checkpoint where that stays, so that signing goes on from there in every process,
 * and makes a key where there is none. A private key that does not open stays: it signs when its encryption key is back.
 */
export type AcceptTree = (standing: LogStanding, isCheckpointKept: boolean) => Promise<void>;

export interface AcceptTreeParts extends BeginLogParts {
  readonly now: () => Date;
}

export const createAcceptTree = ({ checkpoints, signer, sha256, origin, newOrigin, now }: AcceptTreeParts): AcceptTree => {
  /** Later than the last time, whatever the clock says: processes take it for news by that. */
  const acceptedAfter = (before: string | null): string =>
    new Date(Math.max(now().getTime(), before === null ? 0 : Date.parse(before) + 1)).toISOString();
  const formerAcceptance = (key: StoredLogKey | null): string | null => {
    try {
      return key === null ? null : (signer.openAnchor(key)?.acceptedAt ?? null);
    } catch {
      return null;
    }
  };
  return async ({ head, lastSigned, key }, isCheckpointKept) => {
    const last = isCheckpointKept ? lastSigned : null;
    const anchor: Anchor = {
      size: last?.size ?? head.size,
      rootHash: last?.rootHash ?? rootOf(sha256, head.hashes),
      isSigned: last !== null,
      acceptedAt: acceptedAfter(formerAcceptance(key)),
    };
    const anchored =
      key === null
        ? signer.makeKey(origin ?? newOrigin(), anchor)
        : { ...key, sealedAnchor: signer.sealAnchor(key.origin, anchor) };
    await checkpoints.accept(anchored, isCheckpointKept);
  };
};

const operator = { actor: { type: 'system', id: 'operator' }, requestId: 'audit-repair', service: 'audit' } as const;

type Shown = Omit<AuditLogRepair, 'eventId'>;

/** The changes by which the trail tells of accepting the log: what was seen and signed before, and what is accepted. */
const acceptanceOf = ({ witnessed }: AuditLogRepairRequest, shown: Shown, { lastSigned }: LogStanding): readonly Change[] => [
  { path: '/log', ...omitUndefined({ before: witnessed }), after: { origin: shown.origin, size: shown.size } },
  ...(shown.isCheckpointKept || lastSigned === null ? [] : [{ path: '/checkpoint', before: lastSigned.note }]),
];

/** Shows the standing of the log, and what each repair would change. */
const createShow = ({ checked, faults, isSignedStill, planted }: RepairParts) =>
  async function show(standing: LogStanding): Promise<Shown> {
    const { head, lastSigned, key } = standing;
    const refusal = faults.standing().find(({ name }) => name === 'signing' || name === 'witness');
    const last = checked.lastFound();
    return {
      origin: key?.origin ?? null,
      size: head.size,
      signedSize: lastSigned?.size ?? null,
      isCheckpointKept: await isSignedStill(standing),
      refusal: refusal?.reason ?? null,
      planted: { count: await planted.count(), ids: [...(await planted.list(plantedRowsMax))] },
      checkedAt: last?.finishedAt ?? null,
      acknowledgeable: (last?.faults ?? []).filter(isAcknowledgeable).map(shownFault),
      wrongHashes: [],
    };
  };

/** Records a repair in the log, before it is made. Throws SERVICE_UNAVAILABLE when the log does not take the event. */
const createRecord = ({ takeEvents, newId, now }: RepairParts) =>
  async function record(
    what: AuditLogRepairRequest['what'],
    reason: string,
    changesOf: (eventId: string) => readonly Change[],
  ): Promise<string> {
    const id = newId();
    const told = [{ path: '/what', after: what }, { path: '/reason', after: reason }, ...changesOf(id)];
    const draft = { action: 'audit.repair', resource: trailResource, changes: told };
    await recordOrThrow(takeEvents, auditEvent({ id, at: now().toISOString(), ...operator }, 'success', draft));
    return id;
  };

/** Accepts a log that is refused, deletes planted rows, or acknowledges faults: knowingly, and never without an event in the log. */
export const createRepairLog = (parts: RepairParts): RepairLog => {
  const { checkpoints, checked, planted, rebuildHashes, acceptTree, forget } = parts;
  const [show, record] = [createShow(parts), createRecord(parts)];

  const deletePlanted = async (shown: Shown, reason: string): Promise<AuditLogRepair> => {
    const { ids } = shown.planted;
    if (ids.length === 0) return { ...shown, eventId: null };
    const eventId = await record('delete-planted', reason, () => [{ path: '/rows', before: ids }]);
    await planted.remove(ids);
    return { ...shown, eventId };
  };
  /** Recorded afterwards: wrong hashes may be what keeps events from being stored, and the right ones follow from the leaves. */
  const rebuild = async (shown: Shown, reason: string | undefined): Promise<AuditLogRepair> => {
    const wrong = await rebuildHashes(reason === undefined);
    const rebuilt = { ...shown, wrongHashes: wrong.slice(0, logFaultsMax) };
    if (reason === undefined || wrong.length === 0) return { ...rebuilt, eventId: null };
    forget();
    const told = { count: wrong.length, first: rebuilt.wrongHashes };
    const eventId = await record('rebuild-hashes', reason, () => [{ path: '/hashes', before: told }]);
    checked.checkAgain();
    return { ...rebuilt, eventId };
  };
  const acknowledge = async (shown: Shown, reason: string): Promise<AuditLogRepair> => {
    const found = (checked.lastFound()?.faults ?? []).filter(isAcknowledgeable);
    if (found.length === 0) return { ...shown, acknowledgeable: [], eventId: null };
    const eventId = await record('acknowledge-faults', reason, (id) => acknowledgementChanges(checked.seals, id, found));
    checked.checkAgain();
    return { ...shown, acknowledgeable: found.map(shownFault), eventId };
  };
  return async (asked) => {
    const standing = await checkpoints.standing();
    const shown = await show(standing);
    const { what, reason } = asked;
    if (what === 'rebuild-hashes') return rebuild(shown, reason);
    if (reason === undefined) return { ...shown, eventId: null };
    if (what === 'delete-planted') return deletePlanted(shown, reason);
    if (what === 'acknowledge-faults') return acknowledge(shown, reason);
    const eventId = await record(what, reason, () => acceptanceOf(asked, shown, standing));
    await acceptTree(standing, shown.isCheckpointKept);
    forget();
    return { ...shown, eventId };
  };
};
