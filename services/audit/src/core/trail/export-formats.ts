import type { AuditExportFormat } from '@guildhall/contracts';
import type { AuditFilters } from './audit-events.ts';
import { csvLineOf } from './csv.ts';
import type { LoggedEvent } from '../log/leaf.ts';
import { ocsfOf, ocsfOfAltered, ocsfOfRemoved } from './ocsf.ts';
import type { AlteredEntry, LogEntry, RemovedEntry } from '../log/log-reader.ts';

/** The subject of an export: log, size and filters. */
export interface ExportHead {
  readonly origin: string | null;
  /** The leaf index at which it ends, excluded. */
  readonly size: number;
  readonly filters: AuditFilters;
  /** True for an export that continues an earlier one. */
  readonly isContinued: boolean;
}

export interface ExportFormat {
  readonly mediaType: string;
  /** The text before the first event. */
  begin(head: ExportHead): string;
  line(entry: LogEntry): string;
  /** The line of an event that was altered in the database, which no reader can take for a real one. */
  alteredLine(entry: AlteredEntry): string;
  /** The line of a removed event, in an export without filters. */
  removedLine(entry: RemovedEntry): string;
  /** The text after the last event; without it an export was cut off. */
  end(head: ExportHead): string;
}

const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`;

const isFiltered = ({ filters }: ExportHead): boolean => Object.keys(filters).length > 0;

/** An export of everything is whole when its last leaf index is `size` − 1: it needs no last line, and nothing in it is no event. */
const ndjson: ExportFormat = {
  mediaType: 'application/x-ndjson',
  begin: (head) => {
    if (head.isContinued) return '';
    const { origin, size, filters } = head;
    return jsonLine({ format: 'guildhall-audit-export', version: 1, origin, size, ...(isFiltered(head) ? { filters } : {}) });
  },
  line: ({ leafIndex, leafHash, event }) => jsonLine({ leafIndex, leafHash, ...event }),
  alteredLine: jsonLine,
  removedLine: ({ leafIndex, leafHash, reason }) => jsonLine({ leafIndex, leafHash, removed: reason }),
  end: (head) => (isFiltered(head) ? jsonLine({ isComplete: true, size: head.size }) : ''),
};

type Column = readonly [name: string, value: (event: LoggedEvent) => string | undefined];

const columns: readonly Column[] = [
  ['id', ({ id }) => id],
  ['occurredAt', ({ occurredAt }) => occurredAt],
  ['recordedAt', ({ recordedAt }) => recordedAt],
  ['actorType', ({ actor }) => actor.type],
  ['actorId', ({ actor }) => actor.id],
  ['actorSessionId', ({ actor }) => actor.sessionId],
  ['actorIp', ({ actor }) => actor.ip],
  ['actorUserAgent', ({ actor }) => actor.userAgent],
  ['action', ({ action }) => action],
  ['resourceType', ({ resource }) => resource.type],
  ['resourceId', ({ resource }) => resource.id],
  ['resourceName', ({ resource }) => resource.name],
  ['communityId', ({ communityId }) => communityId],
  ['result', ({ result }) => result],
  ['changes', ({ changes }) => (changes === undefined ? undefined : JSON.stringify(changes))],
  ['requestId', ({ requestId }) => requestId],
  ['service', ({ service }) => service],
];

const place = ['leafIndex', 'leafHash'];

/** The line of a leaf without an event that could be shown. */
const bareLine = ({ leafIndex, leafHash }: Pick<LogEntry, 'leafIndex' | 'leafHash'>, state: string): string =>
  csvLineOf([String(leafIndex), leafHash, ...columns.map(() => ''), state]);

const csv: ExportFormat = {
  mediaType: 'text/csv',
  begin: ({ isContinued }) => (isContinued ? '' : csvLineOf([...place, ...columns.map(([name]) => name), 'state'])),
  line: ({ leafIndex, leafHash, event }) =>
    csvLineOf([String(leafIndex), leafHash, ...columns.map(([, valueIn]) => valueIn(event) ?? ''), '']),
  alteredLine: (entry) => bareLine(entry, 'altered'),
  removedLine: (entry) => bareLine(entry, entry.reason),
  end: () => '',
};

const ocsf: ExportFormat = {
  mediaType: 'application/x-ndjson',
  begin: () => '',
  line: (entry) => jsonLine(ocsfOf(entry)),
  alteredLine: (entry) => jsonLine(ocsfOfAltered(entry)),
  removedLine: (entry) => jsonLine(ocsfOfRemoved(entry)),
  end: () => '',
};

export const exportFormats: Readonly<Record<AuditExportFormat, ExportFormat>> = { ndjson, csv, ocsf };
