import { Type, type Static } from 'typebox';
import { Name, Uuid } from '../fields.ts';
import { route } from '../route.ts';

const closed = { additionalProperties: false } as const;

/** The most planted rows that one repair takes away, and names. */
export const plantedRowsMax = 100;

const repairs = ['accept-log', 'delete-planted'] as const;
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
  { what: Type.Enum([...repairs]), reason: Type.Optional(Name), witnessed: Type.Optional(WitnessedTree) },
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
    'Accepts the log as it is now, or deletes rows that somebody planted beside it, after recording that. Without `reason` it says what it would do, and changes nothing.',
  body: AuditLogRepairRequest,
  responses: { 200: AuditLogRepair },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'FORBIDDEN', 'SERVICE_UNAVAILABLE'],
});
