import { sql } from '@guildhall/db';
import type { NewLeaf, StoredLeaf } from '../core/log/sequenced-log.ts';
import type { TileGrowth } from '../core/log/tiles.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const joined = (hashes: readonly Uint8Array[]): Buffer => Buffer.concat(hashes);

/** The columns of a stored event, each with its type and its value. */
const storedColumns: readonly (readonly [type: string, value: (leaf: NewLeaf) => string | null])[] = [
  ['uuid', ({ event }) => event.id],
  ['text', ({ event }) => event.actor.type],
  ['text', ({ event }) => event.actor.id],
  ['uuid', ({ event }) => event.actor.sessionId ?? null],
  ['text', ({ event }) => event.actor.ip ?? null],
  ['text', ({ event }) => event.actor.userAgent ?? null],
  ['text', ({ event }) => event.action],
  ['text', ({ event }) => event.resource.type],
  ['text', ({ event }) => event.resource.id],
  ['text', ({ event }) => event.resource.name ?? null],
  ['uuid', ({ event }) => event.communityId ?? null],
  ['text', ({ event }) => event.result],
  ['text', ({ event }) => (event.changes === undefined ? null : JSON.stringify(event.changes))],
  ['text', ({ event }) => event.requestId],
  ['text', ({ event }) => event.service],
  ['timestamptz', ({ event }) => event.occurredAt],
  ['timestamptz', ({ event }) => event.recordedAt],
  ['text', ({ hash }) => hexOf(hash)],
];

/** The events with their leaf hashes and, last, their places from `first` on. */
export const newLeafTuples = (leaves: readonly NewLeaf[], first: number) =>
  sql.unnest(
    leaves.map((leaf, at) => [...storedColumns.map(([, valueIn]) => valueIn(leaf)), first + at]),
    [...storedColumns.map(([type]) => type), 'int8'],
  );

/** Ids, leaf hashes in hexadecimal, places from `first` on. */
export const storedLeafTuples = (leaves: readonly StoredLeaf[], first: number) =>
  sql.unnest(
    leaves.map(({ id, hash }, at) => [id, hexOf(hash), first + at]),
    ['uuid', 'text', 'int8'],
  );

/** Level, index and the hashes gained, in hexadecimal. */
export const tileTuples = (tiles: readonly TileGrowth[]) =>
  sql.unnest(
    tiles.map(({ level, index, hashes }) => [level, index, hexOf(joined(hashes))]),
    ['int2', 'int8', 'text'],
  );
