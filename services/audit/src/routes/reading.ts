import { auditReadingRoutes } from '@guildhall/contracts';
import { contextOf, serve, type Call } from '@guildhall/http';
import type { ContextParts, SlotHolder } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import type { CountEvents, CountFilters } from '../core/trail/count-events.ts';
import type { Export, ExportAudit, ExportRequest } from '../core/trail/export-events.ts';
import { streamReaderOf, type FollowEvents } from '../core/trail/follow-events.ts';
import type { SignedInContext } from '../core/request-context.ts';
import { parseFilters } from '../core/trail/parse-filters.ts';

/** Exports as streams, a bounded number of them at once. */
export interface OpenExport {
  /** Throws RATE_LIMITED when the reader has one under way, SERVICE_UNAVAILABLE when too many are. */
  open(reader: SlotHolder, begin: () => Promise<Export>): Promise<Export & { readonly stream: ReadableStream<string> }>;
}

export interface ReadingRouteParts extends ContextParts {
  readonly countEvents: CountEvents;
  readonly exportAudit: ExportAudit;
  readonly exportStreams: OpenExport;
  readonly followEvents: FollowEvents;
  /** Ends the streams that are open: the service is closing. */
  readonly endStreams: () => Promise<void>;
}

const r = auditReadingRoutes;

/** Counts, exports and the live tail. */
export const addReadingRoutes = (app: FastifyInstance, parts: ReadingRouteParts): void => {
  app.addHook('preClose', parts.endStreams);
  addCounts(app, parts);
  addExports(app, parts);
  addStreams(app, parts);
};

const addCounts = (app: FastifyInstance, { countEvents }: ReadingRouteParts): void => {
  serve(app, r.countAuditEvents, 'principal', async ({ caller, query: { by, ...filters } }) => ({
    body: await countEvents.count(caller.permissions, bounded(filters), by),
  }));
  serve(app, r.countCommunityAuditEvents, 'principal', async ({ caller, params, query: { by, ...filters } }) => ({
    body: await countEvents.countOfCommunity(caller.permissions, params.communityId, bounded(filters), by),
  }));
};

/** The times are required: read, they are still there. */
const bounded = (filters: CountFilters): CountFilters => ({ from: filters.from, to: filters.to, ...parseFilters(filters) });

const addExports = (app: FastifyInstance, parts: ReadingRouteParts): void => {
  const { exportAudit, exportStreams } = parts;
  const answer = async (context: SignedInContext, { format }: ExportRequest, begin: () => Promise<Export>) => {
    const { stream, mediaType } = await exportStreams.open(streamReaderOf(context), begin);
    return { body: stream, mediaType, fileName: `audit.${format === 'ocsf' ? 'ocsf.ndjson' : format}` };
  };
  serve(app, r.exportAuditEvents, 'principal', async (call) => {
    const [context, request] = [contextOf(parts, call), exportRequestOf(call.query)];
    return answer(context, request, () => exportAudit.start(context, request));
  });
  serve(app, r.exportCommunityAuditEvents, 'principal', async (call) => {
    const [context, request] = [contextOf(parts, call), exportRequestOf(call.query)];
    return answer(context, request, () => exportAudit.startOfCommunity(context, call.params.communityId, request));
  });
};

type ExportQuery = Call<typeof r.exportAuditEvents>['query'];

const exportRequestOf = ({ format, after, size, ...filters }: ExportQuery): ExportRequest => ({
  format,
  after: after ?? null,
  size: size ?? null,
  filters: parseFilters(filters),
});

const addStreams = (app: FastifyInstance, parts: ReadingRouteParts): void => {
  const { followEvents } = parts;
  serve(app, r.streamAuditEvents, 'principal', async (call) => ({
    body: await followEvents.follow(contextOf(parts, call), parseFilters(call.query), lastSeenIn(call.lastEventId)),
  }));
  serve(app, r.streamCommunityAuditEvents, 'principal', async (call) => {
    const [filters, lastSeen] = [parseFilters(call.query), lastSeenIn(call.lastEventId)];
    return { body: await followEvents.followCommunity(contextOf(parts, call), call.params.communityId, filters, lastSeen) };
  });
};

/** A leaf index that a stream gave out; anything else counts as none, as a client cannot correct it. */
const lastSeenIn = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
