import type { Change } from '@guildhall/contracts';
import type { LoggedEvent } from './leaf.ts';
import type { LogEntry } from './log-reader.ts';
import { shownFault, type WalkFault } from './walk-faults.ts';

/** The name of the repair by which an operator acknowledges faults. */
const acknowledging = 'acknowledge-faults';

/** True for what nothing may make good any more. Planted rows are deleted. */
export const isAcknowledgeable = ({ kind }: WalkFault): boolean => kind !== 'outside';

/** Seals what an acknowledgement covers, for the event that tells of it: whoever writes to the database makes none, and none is used twice. */
export interface AcknowledgementSeals {
  seal(eventId: string, digests: readonly string[]): string;
  /** Null for a text that was not sealed here for this event. */
  open(eventId: string, sealed: string): readonly string[] | null;
}

const valueAt = (changes: LoggedEvent['changes'], path: string): unknown =>
  Array.isArray(changes) ? changes.find((change: Change | null) => change?.path === path)?.after : undefined;

/** True for the event of an acknowledgement: retention keeps it, as what it tells of stays told. */
export const isAcknowledgement = ({ action, service, changes }: LoggedEvent): boolean =>
  action === 'audit.repair' && service === 'audit' && valueAt(changes, '/what') === acknowledging;

/** The changes by which an event acknowledges faults. */
export const acknowledgementChanges = (
  seals: AcknowledgementSeals,
  eventId: string,
  faults: readonly WalkFault[],
): readonly Change[] => [
  { path: '/faults', after: faults.map(shownFault) },
  {
    path: '/seal',
    after: seals.seal(
      eventId,
      faults.map(({ digest }) => digest),
    ),
  },
];

export interface AcknowledgedParts {
  /** Reads the newest `limit` events of repairs that are older than `before`. */
  readonly repairs: (before: LogEntry | null, limit: number) => Promise<readonly LogEntry[]>;
  readonly isGenuine: (entry: LogEntry) => boolean;
  readonly seals: AcknowledgementSeals;
}

/** Events of repairs that are read at a time. */
const pageEventsMax = 100;

/** Reads the digests of all faults that operators have acknowledged in events of the log. */
export const createReadAcknowledged = ({ repairs, isGenuine, seals }: AcknowledgedParts) =>
  async function readAcknowledged(): Promise<ReadonlySet<string>> {
    const digests = new Set<string>();
    for (let before: LogEntry | null | undefined = null; before !== undefined;) {
      const page: readonly LogEntry[] = await repairs(before, pageEventsMax);
      for (const entry of page) {
        const sealed = isAcknowledgement(entry.event) && isGenuine(entry) ? valueAt(entry.event.changes, '/seal') : undefined;
        if (typeof sealed === 'string') for (const digest of seals.open(entry.event.id, sealed) ?? []) digests.add(digest);
      }
      before = page.length === pageEventsMax ? page.at(-1) : undefined;
    }
    return digests;
  };
