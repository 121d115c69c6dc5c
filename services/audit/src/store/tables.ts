// Generated from schema.sql by `make generate`.
import { table, type Json } from '@guildhall/db';

export const auditEvents = table<{
  readonly action: string;
  readonly actorId: string;
  readonly actorType: string;
  readonly changes: Json | null;
  readonly communityId: string | null;
  readonly createdAt: string;
  readonly id: string;
  readonly ip: string | null;
  readonly leafHash: Uint8Array | null;
  readonly leafIndex: number | null;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly requestId: string;
  readonly resourceId: string;
  readonly resourceName: string | null;
  readonly resourceType: string;
  readonly result: string;
  readonly service: string;
  readonly sessionId: string | null;
  readonly updatedAt: string;
  readonly userAgent: string | null;
}>();

export const checkpoints = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly note: string;
  readonly rootHash: Uint8Array;
  readonly size: number;
  readonly updatedAt: string;
}>();

export const eventCounts = table<{
  readonly createdAt: string;
  readonly id: number;
  readonly lastRecordedAt: string;
  readonly stored: number;
  readonly updatedAt: string;
}>();

export const forwardCursors = table<{
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly fencing: number;
  readonly holder: string | null;
  readonly id: string;
  readonly name: string;
  readonly nextLeafIndex: number;
  readonly sendingTo: number | null;
  readonly updatedAt: string;
}>();

export const logHeads = table<{
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly fencing: number;
  readonly frontier: Uint8Array;
  readonly holder: string | null;
  readonly id: string;
  readonly lastRecordedAt: string | null;
  readonly name: string;
  readonly size: number;
  readonly updatedAt: string;
}>();

export const logKeys = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  readonly publicKey: Uint8Array;
  readonly sealedAnchor: string | null;
  readonly sealedPrivateKey: string;
  readonly updatedAt: string;
}>();

export const logTiles = table<{
  readonly createdAt: string;
  readonly hashes: Uint8Array;
  readonly id: string;
  readonly level: number;
  readonly tileIndex: number;
  readonly updatedAt: string;
}>();

export const rejectedEvents = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly raw: Json;
  readonly reason: string;
  readonly updatedAt: string;
}>();

export const removedEvents = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly leafHash: Uint8Array;
  readonly leafIndex: number;
  readonly reason: string;
  readonly updatedAt: string;
}>();

export const retentionPolicies = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly keepDays: number | null;
  readonly name: string;
  readonly updatedAt: string;
  readonly version: number;
}>();
