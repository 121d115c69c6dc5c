import { Type, type Static } from 'typebox';
import { Timestamp, Uuid } from '../fields.ts';
import { route } from '../route.ts';
import { auditFilters } from './audit.ts';

/** The audit trail read in one go: counted, exported, followed. Each for the whole trail and for one community. */
const tag = 'audit';
const closed = { additionalProperties: false } as const;
const params = Type.Object({ communityId: Uuid }, closed);
const community = { community: Type.Optional(Uuid) };
const inAll = ['UNAUTHENTICATED', 'FORBIDDEN'] as const;
const inCommunity = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'] as const;
const method = 'GET';

/** The longest time that one answer counts, in days. */
export const countedDaysMax = 400;
/** The most events that one answer counts. */
export const countedEventsMax = 2_000_000;

export const AuditCounts = Type.Object(
  {
    by: Type.Enum(['day', 'action']),
    /** By day: days in UTC, oldest first, those without events left out. By action: the most frequent first. */
    items: Type.Array(Type.Object({ key: Type.String(), count: Type.Integer({ minimum: 1 }) }, closed)),
  },
  closed,
);
export type AuditCounts = Static<typeof AuditCounts>;

const counts = {
  ...auditFilters,
  from: Timestamp,
  to: Timestamp,
  by: Type.Enum(['day', 'action']),
};
const countsErrors = ['UNPROCESSABLE'] as const;

export const countAuditEvents = route({
  name: 'countAuditEvents',
  method,
  path: '/v1/audit/counts',
  tag,
  summary: `How many events there were by day (UTC) or by action, \`from\` inclusive, \`to\` exclusive, at most ${countedDaysMax} days. UNPROCESSABLE where they are more than ${countedEventsMax}: narrow the question.`,
  query: Type.Object({ ...counts, ...community }, closed),
  responses: { 200: AuditCounts },
  errors: [...inAll, ...countsErrors],
});

export const countCommunityAuditEvents = route({
  name: 'countCommunityAuditEvents',
  method,
  path: '/v1/communities/:communityId/audit/counts',
  tag,
  summary: 'The same, of one community.',
  params,
  query: Type.Object(counts, closed),
  responses: { 200: AuditCounts },
  errors: [...inCommunity, ...countsErrors],
});

const LeafIndex = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

export const AuditExportFormat = Type.Enum(['ndjson', 'csv', 'ocsf']);
export type AuditExportFormat = Static<typeof AuditExportFormat>;

const exported = {
  ...auditFilters,
  format: AuditExportFormat,
  /** Goes on behind this leaf index: the part that follows, without the first line. */
  after: Type.Optional(LeafIndex),
  /** Only the log's first `size` leaves, such as those of a checkpoint. */
  size: Type.Optional(LeafIndex),
};
const text = Type.String();
const media = 'application/x-ndjson';

export const exportAuditEvents = route({
  name: 'exportAuditEvents',
  method,
  path: '/v1/audit/export',
  tag,
  summary:
    'The events in the order of the log, as one stream: NDJSON (whole events with `leafIndex` and `leafHash`), CSV (RFC 4180) or OCSF 1.8 (one JSON object a line). Asked for again with `after`, it goes on where it was cut off. The export is itself audited.',
  query: Type.Object({ ...exported, ...community }, closed),
  media,
  responses: { 200: text },
  errors: [...inAll, 'SERVICE_UNAVAILABLE'],
});

export const exportCommunityAuditEvents = route({
  name: 'exportCommunityAuditEvents',
  method,
  path: '/v1/communities/:communityId/audit/export',
  tag,
  summary: 'The same, of one community.',
  params,
  query: Type.Object(exported, closed),
  media,
  responses: { 200: text },
  errors: [...inCommunity, 'SERVICE_UNAVAILABLE'],
});

export const streamAuditEvents = route({
  name: 'streamAuditEvents',
  method,
  path: '/v1/audit/stream',
  tag,
  summary:
    'New events as server-sent events, each with its leaf index as `id`: with `Last-Event-ID` nothing is lost or repeated. It ends now and then; clients connect again by themselves.',
  query: Type.Object({ ...auditFilters, ...community }, closed),
  media: 'text/event-stream',
  responses: { 200: text },
  errors: [...inAll, 'SERVICE_UNAVAILABLE'],
});

export const streamCommunityAuditEvents = route({
  name: 'streamCommunityAuditEvents',
  method,
  path: '/v1/communities/:communityId/audit/stream',
  tag,
  summary: 'The same, of one community.',
  params,
  query: Type.Object(auditFilters, closed),
  media: 'text/event-stream',
  responses: { 200: text },
  errors: [...inCommunity, 'SERVICE_UNAVAILABLE'],
});
