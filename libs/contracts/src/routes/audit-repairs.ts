import { Type, type Static } from 'typebox';
import { Name, Timestamp, Uuid } from '../fields.ts';
import { route } from '../route.ts';
import { LogFault, logFaultsMax } from './audit.ts';

const closed = { additionalProperties: false } as const;

/** The most planted rows that one repair takes away, and names. */
export const plantedRowsMax = 100;

/** The repairs of the audit log, by the names that the operator's command knows. */
export const auditRepairs = ['accept-log', 'delete-planted', 'rebuild-hashes', 'acknowledge-faults'] as const;
/** The last tree of the log that the witness saw: its root in base64. */
const WitnessedTree = Type.Object(
  {
    origin: Type.String({ maxLength: 255 }),
    size: Type.Integer({ minimum: 0 }),
    root: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  },
  closed,
);
const AuditLogRepairRequest = Type.Object(
  { what: Type.Enum([...auditRepairs]), reason: Type.Optional(Name), witnessed: Type.Optional(WitnessedTree) },
  closed,
);
export type AuditLogRepairRequest = Static<typeof AuditLogRepairRequest>;
const AuditLogRepair = Type.Object(
  {
    origin: Type.Union([Type.String(), Type.Null()]),
    size: Type.Integer({ minimum: 0 }),
    signedSize: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    /** False if the last checkpoint is of another key, or of a tree that the log does not begin with: accepting the log removes all of them. */
    isCheckpointKept: Type.Boolean(),
    /** Why checkpoints are not signed or not cosigned; null: nothing stands in their way. */
    refusal: Type.Union([Type.String(), Type.Null()]),
    planted: Type.Object({ count: Type.Integer({ minimum: 0 }), ids: Type.Array(Uuid, { maxItems: plantedRowsMax }) }, closed),
    /** When the last check of the whole log ended; null before the first. */
    checkedAt: Type.Union([Timestamp, Type.Null()]),
    /** The faults that it found and that can be acknowledged, the first hundred. */
    acknowledgeable: Type.Array(LogFault, { maxItems: logFaultsMax }),
    /** The tiles, and the head, that held other hashes than the leaves lead to, the first hundred; none unless they were asked for. */
    wrongHashes: Type.Array(Type.String(), { maxItems: logFaultsMax }),
    /** The event that tells of the repair; null when nothing was changed. */
    eventId: Type.Union([Uuid, Type.Null()]),
  },
  closed,
);
export type AuditLogRepair = Static<typeof AuditLogRepair>;

/** Served by audit, to the gateway's command alone. */
export const repairAuditLog = route({
  name: 'repairAuditLog',
  method: 'POST',
  path: '/internal/log/repairs',
  summary:
    'Accepts the log as it is now, deletes rows that somebody planted beside it, computes its tiles and head anew from the leaf hashes, or acknowledges what cannot be made good any more, after recording that. Without `reason` it says what it would do, and changes nothing.',
  body: AuditLogRepairRequest,
  responses: { 200: AuditLogRepair },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'FORBIDDEN', 'CONFLICT', 'SERVICE_UNAVAILABLE'],
});
