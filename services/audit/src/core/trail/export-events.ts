import type { Actor, AuditEventMessage, AuditExportFormat } from '@guildhall/contracts';
import { mustReadAudit, mustReadCommunityAudit } from '../access.ts';
import type { AuditFilters } from './audit-events.ts';
import { exportFormats, type ExportFormat, type ExportHead } from './export-formats.ts';
import { readEveryLeaf, readPages, type LogRange, type LogReader } from '../log/log-reader.ts';
import { mustBeTold, type TakeEvents } from './take-events.ts';
import { plainUuid } from '../uuid.ts';

/** Who asks, and with which request. */
export interface Asker {
  readonly permissions: readonly string[];
  readonly actor: Actor;
  readonly requestId: string;
}

export interface ExportRequest {
  readonly format: AuditExportFormat;
  readonly filters: AuditFilters;
  /** The last leaf index that the asker has; null for an export from the first. */
  readonly after: number | null;
  /** Up to this leaf index, excluded; null for all there are. */
  readonly size: number | null;
}

export interface Export {
  readonly mediaType: string;
  /** It may be asked for slowly, and left early. */
  readonly pieces: AsyncGenerator<string>;
}

/** An export is in the audit trail before its first byte is sent. */
export interface ExportAudit {
  /** Throws FORBIDDEN, SERVICE_UNAVAILABLE. */
  start(asker: Asker, request: ExportRequest): Promise<Export>;
  /** Of one community alone. Throws NOT_FOUND, SERVICE_UNAVAILABLE. */
  startOfCommunity(asker: Asker, communityId: string, request: ExportRequest): Promise<Export>;
}

export interface ExportAuditParts {
  readonly log: LogReader;
  readonly takeEvents: TakeEvents;
  readonly newId: () => string;
  readonly now: () => Date;
}

const exportEventOf = (
  { newId, now }: ExportAuditParts,
  { actor, requestId }: Asker,
  { format, filters, after, size }: ExportRequest,
): AuditEventMessage => ({
  id: newId(),
  kind: 'audit',
  occurredAt: now().toISOString(),
  payload: {
    actor,
    action: 'audit.export',
    resource: { type: 'audit-log', id: filters.community ?? 'all' },
    ...(filters.community === undefined ? {} : { communityId: filters.community }),
    result: 'success',
    changes: [
      { path: '/format', after: format },
      { path: '/filters', after: filters },
      ...(after === null ? [] : [{ path: '/after', after }]),
      ...(size === null ? [] : [{ path: '/size', after: size }]),
    ],
    requestId,
    service: 'audit',
  },
});

/** The lines of an export, page by page: in one of everything, what was removed has its line where the format knows one. */
export async function* exportLines(
  log: LogReader,
  { line, removedLine }: ExportFormat,
  filters: AuditFilters,
  range: LogRange,
): AsyncGenerator<string> {
  if (removedLine === undefined || Object.keys(filters).length > 0) {
    for await (const page of readPages(log, filters, range)) yield page.map(line).join('');
    return;
  }
  for await (const page of readEveryLeaf(log, range)) {
    yield page.map((entry) => ('event' in entry ? line(entry) : removedLine(entry))).join('');
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

export const createExportAudit = (parts: ExportAuditParts): ExportAudit => {
  const { log, takeEvents } = parts;
  const start = async (asker: Asker, request: ExportRequest): Promise<Export> => {
    const { format, filters, after } = request;
    await mustBeTold(takeEvents, exportEventOf(parts, asker, request));
    const [origin, known] = await Promise.all([log.origin(), log.size()]);
    const head = { origin, size: Math.min(known, request.size ?? known), filters, isContinued: after !== null };
    return { mediaType: exportFormats[format].mediaType, pieces: piecesOf(log, request, head) };
  };
  return {
    async start(asker, request) {
      mustReadAudit(asker.permissions);
      return start(asker, request);
    },
    async startOfCommunity(asker, communityId, request) {
      const community = plainUuid(communityId);
      mustReadCommunityAudit(asker.permissions, community);
      return start(asker, { ...request, filters: { ...request.filters, community } });
    },
  };
};
