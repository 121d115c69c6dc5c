import { Type, type Static } from 'typebox';
import { Uuid } from '../fields.ts';
import { route } from '../route.ts';

const tag = 'audit';
const closed = { additionalProperties: false } as const;

/** A hash in standard base64, as RFC 6962's own tools write it. */
const Hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', maxLength: 44 });
const Size = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const bytes = Type.String();
const text = Type.String();

export const InclusionProof = Type.Object(
  {
    eventId: Uuid,
    leafIndex: Size,
    /** The size of the tree that the checkpoint signs. */
    treeSize: Size,
    leafHash: Hash,
    /** From the leaf upwards (RFC 6962, section 2.1.1). */
    path: Type.Array(Hash),
    /** The signed note that the path leads to. */
    checkpoint: Type.String(),
  },
  closed,
);
export type InclusionProof = Static<typeof InclusionProof>;

export const ConsistencyProof = Type.Object(
  { from: Size, to: Size, fromRoot: Hash, toRoot: Hash, /** RFC 6962, section 2.1.2. */ path: Type.Array(Hash) },
  closed,
);
export type ConsistencyProof = Static<typeof ConsistencyProof>;

const checkpointOf = (name: string, path: `/${string}`) =>
  route({
    name,
    method: 'GET',
    path,
    tag,
    summary: 'The last signed checkpoint of the audit log: a C2SP signed note.',
    responses: { 200: text },
    media: 'text/plain',
    errors: ['NOT_FOUND'],
  });

export const getCheckpoint = checkpointOf('getAuditCheckpoint', '/v1/audit/checkpoint');
/** The same where C2SP tlog-tiles looks for it: the prefix of the log is `/v1/audit/log`. */
export const getLogCheckpoint = checkpointOf('getAuditLogCheckpoint', '/v1/audit/log/checkpoint');

export const getLogKey = route({
  name: 'getAuditLogKey',
  method: 'GET',
  path: '/v1/audit/log/key',
  tag,
  summary: 'The key that checkpoints are verified with, in the form of a C2SP signed note: name, hash and key.',
  responses: { 200: text },
  media: 'text/plain',
  errors: ['NOT_FOUND'],
});

export const getInclusionProof = route({
  name: 'getAuditEventProof',
  method: 'GET',
  path: '/v1/audit/events/:eventId/proof',
  tag,
  summary: 'That an event stands in the log: its path to the root of the last signed checkpoint.',
  params: Type.Object({ eventId: Uuid }, closed),
  responses: { 200: InclusionProof },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'SERVICE_UNAVAILABLE'],
});

export const getConsistencyProof = route({
  name: 'getAuditConsistency',
  method: 'GET',
  path: '/v1/audit/consistency',
  tag,
  summary: 'That the log of one size begins with the log of a smaller one. `to` is the last checkpoint where not given.',
  query: Type.Object({ from: Size, to: Type.Optional(Size) }, closed),
  responses: { 200: ConsistencyProof },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'],
});

const TileParams = Type.Object(
  { level: Type.Integer({ minimum: 0, maximum: 63 }), '*': Type.String({ minLength: 1, maxLength: 40 }) },
  closed,
);

export const getLogTile = route({
  name: 'getAuditLogTile',
  method: 'GET',
  path: '/v1/audit/log/tile/:level/*',
  tag,
  summary: 'A tile of hashes after C2SP tlog-tiles: `x001/234`, or `x001/234.p/17` for the first 17 of one that is not whole.',
  params: TileParams,
  responses: { 200: bytes },
  media: 'application/octet-stream',
  errors: ['NOT_FOUND'],
});

export const getLogEntries = route({
  name: 'getAuditLogEntries',
  method: 'GET',
  path: '/v1/audit/log/tile/entries/*',
  tag,
  summary:
    'The canonical JSON of up to 256 events after C2SP tlog-tiles, each behind its length in two bytes. Where one is longer than 65,535 bytes there is no such bundle.',
  params: Type.Object({ '*': TileParams.properties['*'] }, closed),
  responses: { 200: bytes },
  media: 'application/octet-stream',
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'UNPROCESSABLE'],
});
