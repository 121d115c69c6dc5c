import { eventTextOf } from '@guildhall/resources';
import { plainUuid } from '../uuid.ts';
import type { AuditEvents } from './audit-events.ts';

/** An event as the outbox of its service holds it: its id, and the SHA-256 of its canonical text in base64url. */
export interface AskedEvent {
  readonly id: string;
  readonly digest: string;
}

export interface ConfirmEventsParts {
  readonly events: Pick<AuditEvents, 'findKept'>;
  /** SHA-256 of a text in UTF-8, in base64url. */
  readonly sha256: (text: string) => string;
  /** Called with the ids under which other events are stored than those that were asked for. */
  readonly onAltered: (ids: readonly string[]) => void;
}

/**
 * Confirms the events that are stored or dead letters, exactly as they were asked for, and those that were pruned or redacted,
 * by their id. Returns the ids of the others: `missing`, or `altered` where another event is stored under the id, which then
 * can never be stored.
 */
export type ConfirmEvents = (
  asked: readonly AskedEvent[],
) => Promise<{ readonly missing: readonly string[]; readonly altered: readonly string[] }>;

export const createConfirmEvents =
  ({ events, sha256, onAltered }: ConfirmEventsParts): ConfirmEvents =>
  async (asked) => {
    const digests = new Map(asked.map(({ id, digest }) => [plainUuid(id), digest]));
    const { stored, deadLetters, removedIds } = await events.findKept([...digests.keys()]);
    const removed = new Set(removedIds);
    const storedDigests = new Map(stored.map((event) => [event.id, sha256(eventTextOf(event))]));
    const letterDigests = new Map(deadLetters.map((event) => [plainUuid(event.id), sha256(eventTextOf(event))]));
    const isConfirmed = ([id, digest]: readonly [string, string]): boolean =>
      removed.has(id) || storedDigests.get(id) === digest || letterDigests.get(id) === digest;
    const open = [...digests].filter((event) => !isConfirmed(event)).map(([id]) => id);
    const altered = open.filter((id) => storedDigests.has(id));
    if (altered.length > 0) onAltered(altered);
    return { missing: open.filter((id) => !storedDigests.has(id)), altered };
  };
