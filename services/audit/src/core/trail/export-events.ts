import type { AuditEventMessage, AuditExportFormat } from '@guildhall/contracts';
import { requireAuditReader, requireCommunityAuditReader } from '../access.ts';
import { isOutage, type Faults } from '../faults.ts';
import type { AuditFilters } from './audit-events.ts';
import { exportFormats, type ExportFormat, type ExportHead } from './export-formats.ts';
import { readEveryLeaf, scanLog, type AlteredEntry, type LogEntry, type LogRange, type LogReader } from '../log/log-reader.ts';
import { recordOrThrow, type TakeEvents } from './take-events.ts';
import type { SignedInContext } from '../request-context.ts';
import { plainUuid } from '../uuid.ts';

export interface ExportRequest {
  readonly format: AuditExportFormat;
  readonly filters: AuditFilters;
  /** The last leaf index that the context has; null for an export from the first. */
  readonly after: number | null;
  /** Up to this leaf index, excluded; null for all there are. */
  readonly size: number | null;
}

export interface Export {
  readonly mediaType: string;
  /** The consumer may be slow, and may stop early. */
  readonly pieces: AsyncGenerator<string>;
}

/** An export is in the audit trail before its first byte is sent. */
export interface ExportAudit {
  /** Throws FORBIDDEN, SERVICE_UNAVAILABLE. */
  start(context: SignedInContext, request: ExportRequest): Promise<Export>;
  /** Exports the events of one community. Throws NOT_FOUND, SERVICE_UNAVAILABLE. */
  startOfCommunity(context: SignedInContext, communityId: string, request: ExportRequest): Promise<Export>;
}

export interface ExportAuditParts {
  readonly log: LogReader;
  readonly takeEvents: TakeEvents;
  readonly faults: Pick<Faults, 'raise' | 'clear'>;
}

const exportEventOf = (context: SignedInContext, { format, filters, after, size }: ExportRequest): AuditEventMessage =>
  context.audit('success', {
    action: 'audit.export',
    resource: { type: 'audit-log', id: filters.community ?? 'all' },
    communityId: filters.community,
    changes: [
      { path: '/format', after: format },
      { path: '/filters', after: filters },
      ...(after === null ? [] : [{ path: '/after', after }]),
      ...(size === null ? [] : [{ path: '/size', after: size }]),
    ],
  });

const lineOf = (format: ExportFormat, entry: LogEntry | AlteredEntry): string =>
  'altered' in entry ? format.alteredLine(entry) : format.line(entry);

/** The lines of an export, page by page: in one of everything, what was removed has its line. */
export async function* exportLines(
  log: LogReader,
  format: ExportFormat,
  filters: AuditFilters,
  range: LogRange,
): AsyncGenerator<string> {
  if (Object.keys(filters).length > 0) {
    const read = (part: LogRange, limit: number) => log.read(filters, part, limit);
    for await (const page of scanLog(read, range)) yield page.map((entry) => lineOf(format, entry)).join('');
    return;
  }
  for await (const page of readEveryLeaf(log, range)) {
    yield page.map((entry) => ('reason' in entry ? format.removedLine(entry) : lineOf(format, entry))).join('');
  }
}

async function* piecesOf(
  log: LogReader,
  { format: name, filters, after }: ExportRequest,
  head: ExportHead,
): AsyncGenerator<string> {
  const format = exportFormats[name];
  yield format.begin(head);
  yield* exportLines(log, format, filters, { from: after === null ? 0 : after + 1, to: head.size });
  yield format.end(head);
}

/** The pieces of an export; that they cannot be read is a fault until an export is read to its end. */
async function* reported(pieces: AsyncGenerator<string>, faults: ExportAuditParts['faults']): AsyncGenerator<string> {
  try {
    yield* pieces;
    faults.clear('exporting');
  } catch (error) {
    if (!isOutage(error)) faults.raise('exporting', error instanceof Error ? error.message : String(error));
    throw error;
  }
}

export const createExportAudit = ({ log, takeEvents, faults }: ExportAuditParts): ExportAudit => {
  const start = async (context: SignedInContext, request: ExportRequest): Promise<Export> => {
    const { format, filters, after } = request;
    await recordOrThrow(takeEvents, exportEventOf(context, request));
    const [origin, known] = await Promise.all([log.origin(), log.size()]);
    const head = { origin, size: Math.min(known, request.size ?? known), filters, isContinued: after !== null };
    return { mediaType: exportFormats[format].mediaType, pieces: reported(piecesOf(log, request, head), faults) };
  };
  return {
    async start(context, request) {
      requireAuditReader(context.caller.permissions);
      return start(context, request);
    },
    async startOfCommunity(context, communityId, request) {
      const community = plainUuid(communityId);
      requireCommunityAuditReader(context.caller.permissions, community);
      return start(context, { ...request, filters: { ...request.filters, community } });
    },
  };
};
