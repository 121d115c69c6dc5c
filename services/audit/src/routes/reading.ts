import { auditReadingRoutes, type Actor } from '@guildhall/contracts';
import { serve, type Answer, type Call } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { CountEvents, CountFilters } from '../core/trail/count-events.ts';
import type { Asker, Export, ExportAudit, ExportRequest } from '../core/trail/export-events.ts';
import type { FollowAudit } from '../core/trail/follow-events.ts';
import { readFilters } from '../core/trail/parse-filters.ts';

/** Exports as streams, a bounded number of them at once. */
export interface OpenExport {
  /** Throws SERVICE_UNAVAILABLE when too many are under way. */
  open(begin: () => Promise<Export>): Promise<Export & { readonly stream: ReadableStream<string> }>;
}

export interface ReadingRouteParts {
  readonly countEvents: CountEvents;
  readonly exportAudit: ExportAudit;
  readonly exportStreams: OpenExport;
  readonly followAudit: FollowAudit;
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
const bounded = (filters: CountFilters): CountFilters => ({ from: filters.from, to: filters.to, ...readFilters(filters) });

const addExports = (app: FastifyInstance, { exportAudit, exportStreams }: ReadingRouteParts): void => {
  const answer = async (begin: () => Promise<Export>, { format }: ExportRequest): Promise<Answer> => {
    const { stream, mediaType } = await exportStreams.open(begin);
    const name = `audit.${format === 'ocsf' ? 'ocsf.ndjson' : format}`;
    return {
      body: stream,
      headers: {
        'content-type': mediaType,
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    };
  };
  serve(app, r.exportAuditEvents, 'principal', async (call) => {
    const request = exportRequestOf(call.query);
    return answer(() => exportAudit.start(askerOf(call), request), request);
  });
  serve(app, r.exportCommunityAuditEvents, 'principal', async (call) => {
    const request = exportRequestOf(call.query);
    return answer(() => exportAudit.startOfCommunity(askerOf(call), call.params.communityId, request), request);
  });
};

type ExportQuery = Call<typeof r.exportAuditEvents>['query'];

const exportRequestOf = ({ format, after, size, ...filters }: ExportQuery): ExportRequest => ({
  format,
  after: after ?? null,
  size: size ?? null,
  filters: readFilters(filters),
});

const askerOf = ({ caller, requestId }: Pick<Call, 'caller' | 'requestId'>): Asker => {
  const { userId, sessionId, ip, userAgent, permissions } = caller;
  const actor: Actor = { type: 'user', id: userId, sessionId, ip, ...(userAgent === undefined ? {} : { userAgent }) };
  return { permissions, actor, requestId };
};

const eventStream = (stream: ReadableStream<string>): Answer => ({
  body: stream,
  headers: {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Some proxies hold answers back until they have enough of them.
    'x-accel-buffering': 'no',
  },
});

const addStreams = (app: FastifyInstance, { followAudit }: ReadingRouteParts): void => {
  serve(app, r.streamAuditEvents, 'principal', async ({ caller, query, header }) =>
    eventStream(await followAudit.follow(caller.permissions, readFilters(query), lastSeenIn(header('last-event-id')))),
  );
  serve(app, r.streamCommunityAuditEvents, 'principal', async ({ caller, params, query, header }) =>
    eventStream(
      await followAudit.followCommunity(
        caller.permissions,
        params.communityId,
        readFilters(query),
        lastSeenIn(header('last-event-id')),
      ),
    ),
  );
};

/** A leaf index that a stream gave out; anything else counts as none, as a client cannot correct it. */
const lastSeenIn = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
