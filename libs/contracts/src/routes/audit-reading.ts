import { Type, type Static } from 'typebox';
import { CommunityId, field, named, Timestamp } from '../fields.ts';
import { group } from '../route.ts';
import { auditTag } from './tags.ts';
import { auditFilters, communityFilter, communityTrail, wholeTrail } from './audit.ts';

/** The longest time that one answer counts, in days. */
export const countedDaysMax = 400;
/** The most events that one answer counts. */
export const countedEventsMax = 2_000_000;

const by = Type.Enum(['day', 'action'], { description: 'What is counted: days in UTC, or actions.' });

export const AuditCounts = named('AuditCounts', 'How many audit events there were.', {
  by,
  items: Type.Array(
    Type.Object(
      {
        key: field(Type.String(), 'The day or the action.', '2026-01-31'),
        count: Type.Integer({ minimum: 1, description: 'How many events there were.', examples: [212] }),
      },
      { additionalProperties: false },
    ),
    {
      description: 'By day: days in UTC, oldest first, those without events left out. By action: the most frequent first.',
    },
  ),
});
export type AuditCounts = Static<typeof AuditCounts>;

const counts = {
  ...auditFilters,
  from: field(Timestamp, 'The earliest time of occurrence, inclusive.', '2026-01-01T00:00:00.000Z'),
  to: field(Timestamp, 'The latest time of occurrence, exclusive.', '2026-02-01T00:00:00.000Z'),
  by,
};

const LeafIndex = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, examples: [40_213] });

export const AuditExportFormat = Type.Enum(['ndjson', 'csv', 'ocsf'], {
  description: 'NDJSON (whole events with `leafIndex` and `leafHash`), CSV (RFC 4180), or OCSF 1.8 as NDJSON.',
});
export type AuditExportFormat = Static<typeof AuditExportFormat>;

const exported = {
  ...auditFilters,
  format: AuditExportFormat,
  after: Type.Optional(
    field(LeafIndex, 'Continues behind this leaf index: the part that follows, without the first line.', 40_213),
  ),
  size: Type.Optional(field(LeafIndex, "Only the log's first `size` leaves, such as those of a checkpoint.", 40_214)),
};

/** The parts that the routes for the whole trail and for the trail of one community share: all but path and permission. */
const counting = {
  method: 'GET',
  action: 'audit.count',
  responses: { 200: AuditCounts },
  errors: ['UNPROCESSABLE'],
} as const;
const exporting = {
  method: 'GET',
  action: 'audit.export',
  confirmsRight: true,
  media: ['application/x-ndjson', 'text/csv'],
  responses: {
    200: field(
      Type.String(),
      'One event a line, in the order of the log.',
      '{"leafIndex":40213,"leafHash":"Zk3vQ1dX0mR7sT2uW5yB8eH4jL6nP9aC1dF3gK5oS7U=","event":{}}\n',
    ),
  },
} as const;
const streaming = {
  method: 'GET',
  action: 'audit.follow',
  media: ['text/event-stream'],
  takesLastEventId: true,
  responses: {
    200: field(
      Type.String(),
      'Server-sent events: `id` is the leaf index, `event: audit`, and `data` an AuditEvent in JSON; `event: altered` is an AlteredEvent. `event: dropped` says that the client reads too slowly and is disconnected. Lines that begin with a colon keep the connection open.',
      'id: 40213\nevent: audit\ndata: {}\n\n',
    ),
  },
} as const;

const whole = { permission: 'audit:read', subject: wholeTrail } as const;
const ofCommunity = {
  permission: 'community-audit:read',
  subject: communityTrail,
  params: { communityId: CommunityId },
} as const;

export const auditReadingRoutes = group(auditTag, {
  countAuditEvents: {
    ...counting,
    ...whole,
    path: '/v1/audit/counts',
    summary: `How many events there were by day (UTC) or by action, \`from\` inclusive, \`to\` exclusive, at most ${countedDaysMax} days. UNPROCESSABLE where they are more than ${countedEventsMax}: narrow the question.`,
    query: { ...counts, ...communityFilter },
  },
  countCommunityAuditEvents: {
    ...counting,
    ...ofCommunity,
    path: '/v1/communities/:communityId/audit/counts',
    summary: 'How many events of one community there were, by day or by action.',
    query: counts,
  },
  exportAuditEvents: {
    ...exporting,
    ...whole,
    path: '/v1/audit/export',
    summary:
      'The events in the order of the log, as one stream: NDJSON (whole events with `leafIndex` and `leafHash`), CSV (RFC 4180) or OCSF 1.8 (one JSON object a line). Asked for again with `after`, it goes on where it was cut off. The export is itself audited.',
    query: { ...exported, ...communityFilter },
  },
  exportCommunityAuditEvents: {
    ...exporting,
    ...ofCommunity,
    path: '/v1/communities/:communityId/audit/export',
    summary: 'The events of one community in the order of the log, as one stream.',
    query: exported,
  },
  streamAuditEvents: {
    ...streaming,
    ...whole,
    path: '/v1/audit/stream',
    summary:
      'New events as server-sent events, each with its leaf index as `id`: with `Last-Event-ID` nothing is lost or repeated. It ends now and then; clients connect again by themselves.',
    query: { ...auditFilters, ...communityFilter },
  },
  streamCommunityAuditEvents: {
    ...streaming,
    ...ofCommunity,
    path: '/v1/communities/:communityId/audit/stream',
    summary: 'New events of one community as server-sent events, each with its leaf index as `id`.',
    query: auditFilters,
  },
});
