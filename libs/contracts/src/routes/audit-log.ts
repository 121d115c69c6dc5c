import { Type, type Static } from 'typebox';
import { field, named, Uuid } from '../fields.ts';
import { sha256Base64 } from '../patterns.ts';
import { group } from '../route.ts';
import { auditTag } from './tags.ts';

/** A hash in standard base64, as RFC 6962's own tools write it. */
const Hash = Type.String({
  pattern: sha256Base64,
  maxLength: 44,
  description: 'A SHA-256 hash in standard base64.',
  examples: ['47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
});
const Size = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'A number of leaves.',
  examples: [40_214],
});
const noteText =
  'guildhall.example/audit\n40214\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— guildhall.example/audit q83v…\n';

/** Its extra data is the canonical JSON of the event. */
const receiptText = `c2sp.org/tlog-proof@v1\nextra eyJhY3Rpb24iOiJzY3JpcHQuY3JlYXRlIn0=\nindex 40213\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n${noteText}`;

export const InclusionProof = named('InclusionProof', 'An inclusion proof: an event is in the log (RFC 6962, section 2.1.1).', {
  eventId: field(Uuid, 'The event.', '8b9c0d1e-2f3a-4b4c-8d5e-6f7a8b9c0d1e'),
  leafIndex: field(Size, 'The position of the event in the log, from 0.', 40_213),
  treeSize: field(Size, 'The size of the tree that the checkpoint signs.'),
  leafHash: field(Hash, 'The hash of the event.'),
  path: Type.Array(Hash, { description: 'The hashes from the leaf upwards.' }),
  checkpoint: field(Type.String(), 'The signed note that the path leads to.', noteText),
});
export type InclusionProof = Static<typeof InclusionProof>;

export const ConsistencyProof = named(
  'ConsistencyProof',
  'A consistency proof: the log of one size extends that of a smaller one (RFC 6962, section 2.1.2).',
  {
    from: field(Size, 'The size of the earlier log.', 30_000),
    to: field(Size, 'The size of the later log.'),
    fromRoot: field(Hash, 'The root of the earlier log.'),
    toRoot: field(Hash, 'The root of the later log.'),
    path: Type.Array(Hash, { description: 'The hashes of the proof.' }),
  },
);
export type ConsistencyProof = Static<typeof ConsistencyProof>;

const tile = {
  level: Type.Integer({
    minimum: 0,
    maximum: 63,
    description: 'The level of the tile: 0 holds the hashes of leaves.',
    examples: [0],
  }),
  '*': Type.String({
    minLength: 1,
    maxLength: 40,
    description: 'The index of the tile in groups of three digits, with `.p/` and a width behind it for one that is not whole.',
    examples: ['x001/234.p/17'],
  }),
};

const log = { type: 'audit-log', id: 'all' } as const;
const note = field(Type.String(), 'A C2SP signed note.', noteText);
const binary = field(Type.String(), 'The tile, as bytes.', '');

export const auditLogRoutes = group(auditTag, {
  getAuditCheckpoint: {
    method: 'GET',
    path: '/v1/audit/checkpoint',
    summary: 'The last signed checkpoint of the audit log: a C2SP signed note.',
    action: 'audit.read-checkpoint',
    subject: log,
    isOpenToPages: true,
    responses: { 200: note },
    media: ['text/plain'],
    errors: ['NOT_FOUND'],
  },
  getAuditLogCheckpoint: {
    method: 'GET',
    path: '/v1/audit/log/checkpoint',
    summary: 'The last signed checkpoint where C2SP tlog-tiles looks for it: the prefix of the log is `/v1/audit/log`.',
    action: 'audit.read-checkpoint',
    subject: log,
    isOpenToPages: true,
    responses: { 200: note },
    media: ['text/plain'],
    errors: ['NOT_FOUND'],
  },
  getAuditLogKey: {
    method: 'GET',
    path: '/v1/audit/log/key',
    summary: 'The key that checkpoints are verified with, in the form of a C2SP signed note: name, hash and key.',
    action: 'audit.read-key',
    subject: log,
    isOpenToPages: true,
    responses: { 200: field(Type.String(), 'A verifier key.', 'guildhall.example/audit+1a2b3c4d+AQIDBAUG') },
    media: ['text/plain'],
    errors: ['NOT_FOUND'],
  },
  getAuditLogTile: {
    method: 'GET',
    path: '/v1/audit/log/tile/:level/*',
    summary: 'A tile of hashes after C2SP tlog-tiles: `x001/234`, or `x001/234.p/17` for the first 17 of one that is not whole.',
    action: 'audit.read-tile',
    subject: log,
    isOpenToPages: true,
    params: tile,
    responses: { 200: binary },
    media: ['application/octet-stream'],
    errors: ['NOT_FOUND'],
  },
  getAuditLogEntries: {
    method: 'GET',
    path: '/v1/audit/log/tile/entries/*',
    summary:
      'The canonical JSON of up to 256 events after C2SP tlog-tiles, each behind its length in two bytes. Where one is longer than 65,535 bytes there is no such bundle.',
    permission: 'audit:read',
    action: 'audit.read',
    subject: log,
    hasTextInBytes: true,
    params: { '*': tile['*'] },
    responses: { 200: binary },
    media: ['application/octet-stream'],
    errors: ['NOT_FOUND', 'UNPROCESSABLE', 'CONFLICT'],
  },
  getAuditEventProof: {
    method: 'GET',
    path: '/v1/audit/events/:eventId/proof',
    summary:
      'An inclusion proof: the path from an event to the root of the last signed checkpoint. CONFLICT where the event, or the hashes that lead to the root, were altered in the database.',
    permission: 'audit:read',
    action: 'audit.prove',
    subject: { type: 'audit-event', parameter: 'eventId' },
    params: { eventId: field(Uuid, 'The event.', '8b9c0d1e-2f3a-4b4c-8d5e-6f7a8b9c0d1e') },
    responses: { 200: InclusionProof },
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  getAuditEventReceipt: {
    method: 'GET',
    path: '/v1/audit/events/:eventId/receipt',
    summary:
      'A receipt that is verified offline with the key of the log alone: the event, its path and the signed checkpoint, after C2SP tlog-proof. GONE for an event whose content was removed; CONFLICT where the event, or the hashes that lead to the root, were altered in the database.',
    permission: 'audit:read',
    action: 'audit.prove',
    subject: { type: 'audit-event', parameter: 'eventId' },
    params: { eventId: field(Uuid, 'The event.', '8b9c0d1e-2f3a-4b4c-8d5e-6f7a8b9c0d1e') },
    responses: { 200: field(Type.String(), 'The receipt.', receiptText) },
    media: ['text/plain'],
    errors: ['NOT_FOUND', 'CONFLICT', 'GONE'],
  },
  getAuditConsistency: {
    method: 'GET',
    path: '/v1/audit/consistency',
    summary:
      'A consistency proof between two sizes of the log. `to` is the last checkpoint by default. CONFLICT where the hashes of the log were altered in the database.',
    permission: 'audit:read',
    action: 'audit.prove',
    subject: log,
    query: {
      from: field(Size, 'The size of the earlier log.', 30_000),
      to: Type.Optional(field(Size, 'The size of the later log; the last checkpoint where not given.')),
    },
    responses: { 200: ConsistencyProof },
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
});
