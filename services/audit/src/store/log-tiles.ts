import { leftJoined, row, sql, withoutNull, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { LeafPosition, LeafPositions } from '../core/log/proofs.ts';
import { tileKey, tileWidth, type LogTiles, type TileAddress } from '../core/log/tiles.ts';
import type { LoggedEntries } from '../core/log/serve.ts';
import { Bytes } from './bytes.ts';
import { entryColumns, EntryRow, inTree, loggedColumns, loggedProperties, toEntry } from './event-rows.ts';
import { storedLeaves } from './stored-leaves.ts';
import { auditEvents, checkpoints, logTiles, removedEvents } from './tables.ts';

const TileRow = row([logTiles], { level: Type.Integer(), tileIndex: Type.Integer(), hashes: Bytes });
const signed = { size: Type.Optional(Type.Integer()), note: Type.Optional(Type.String()) };
const PlacedRow = row(
  [withoutNull(auditEvents, 'leafIndex'), leftJoined(checkpoints)],
  { ...loggedProperties, leafIndex: Type.Integer(), ...signed },
  { leafHash: Type.String() },
);
const RemovedRow = row(
  [removedEvents, leftJoined(checkpoints)],
  { leafIndex: Type.Integer(), reason: Type.Enum(['pruned', 'redacted']), ...signed },
  { leafHash: Type.String() },
);

/** The leaves behind the last whole tile of a log of this size stand beside their events, until their tile is whole. */
const leavesQuery = (tile: number, size: number) => sql.fragment`
  UNION ALL
  SELECT 0::int2 AS level, ${tile}::int8 AS tile_index, string_agg(leaf.leaf_hash, ''::bytea ORDER BY leaf.leaf_index) AS hashes
  FROM (${storedLeaves}) AS leaf
  WHERE leaf.leaf_index >= ${tile * tileWidth}::int8 AND leaf.leaf_index < ${size}::int8
    AND NOT EXISTS (SELECT 1 FROM audit.log_tiles AS whole WHERE whole.level = 0 AND whole.tile_index = ${tile}::int8)
  HAVING count(*) > 0`;

const asksForLeaves = (tiles: readonly TileAddress[], last: number): boolean =>
  tiles.some(({ level, index }) => level === 0 && index === last);

const readQuery = (tiles: readonly TileAddress[], size: number) => {
  const last = Math.floor(size / tileWidth);
  return sql.type(TileRow)`
    SELECT tile.level, tile.tile_index, tile.hashes
    FROM ${sql.unnest(
      tiles.map(({ level, index }) => [level, index]),
      ['int2', 'int8'],
    )} AS asked (level, tile_index)
    JOIN audit.log_tiles AS tile ON tile.level = asked.level AND tile.tile_index = asked.tile_index
    ${asksForLeaves(tiles, last) ? leavesQuery(last, size) : sql.fragment``}`;
};

const lastSigned = sql.fragment`(SELECT size, note FROM audit.checkpoints ORDER BY size DESC LIMIT 1)`;

const placedQuery = (eventId: string) => sql.type(PlacedRow)`
  SELECT ${loggedColumns}, leaf_index, leaf_hash, signed.size, signed.note
  FROM (SELECT ${entryColumns} FROM audit.audit_events WHERE ${inTree} AND id = ${eventId}::uuid) AS event
  LEFT JOIN ${lastSigned} AS signed ON true`;

const removedQuery = (eventId: string) => sql.type(RemovedRow)`
  SELECT gone.leaf_index, encode(gone.leaf_hash, 'base64') AS leaf_hash, gone.reason, signed.size, signed.note
  FROM audit.removed_events AS gone LEFT JOIN ${lastSigned} AS signed ON true
  WHERE gone.id = ${eventId}::uuid`;

const checkpointOf = ({ size, note }: { readonly size?: number; readonly note?: string }): LeafPosition['checkpoint'] =>
  size === undefined || note === undefined ? null : { size, note };

export const createLogTiles = (connection: Connection): LogTiles & LeafPositions & LoggedEntries => ({
  async read(tiles, size) {
    if (tiles.length === 0) return new Map();
    const rows = await connection.any(readQuery(tiles, size));
    return new Map(rows.map(({ level, tileIndex, hashes }) => [tileKey({ level, index: tileIndex }), hashes]));
  },
  async place(eventId) {
    const placed = await connection.maybeOne(placedQuery(eventId));
    if (placed !== null) return { entry: toEntry(placed), checkpoint: checkpointOf(placed) };
    const gone = await connection.maybeOne(removedQuery(eventId));
    return gone === null ? null : { entry: gone, checkpoint: checkpointOf(gone) };
  },
  async entries(from, count) {
    const rows = await connection.any(sql.type(EntryRow)`
      SELECT ${entryColumns} FROM audit.audit_events
      WHERE ${inTree} AND leaf_index >= ${from}::int8 AND leaf_index < ${from + count}::int8 ORDER BY leaf_index`);
    return rows.map(toEntry);
  },
});
