import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { LeafPositions } from '../core/log/proofs.ts';
import { tileKey, tileWidth, type LogTiles, type TileAddress } from '../core/log/tiles.ts';
import type { LoggedEntries } from '../core/log/serve.ts';
import { Bytes } from './bytes.ts';
import { loggedColumns, LoggedRow, toLogged } from './event-rows.ts';
import { storedLeaves } from './stored-leaves.ts';
import { auditEvents, checkpoints, logTiles } from './tables.ts';

const TileRow = row([logTiles], { level: Type.Integer(), tileIndex: Type.Integer(), hashes: Bytes });
const PlaceRow = row([auditEvents, leftJoined(checkpoints)], {
  leafIndex: Type.Optional(Type.Integer()),
  leafHash: Type.Optional(Bytes),
  size: Type.Optional(Type.Integer()),
  note: Type.Optional(Type.String()),
});

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

const placeQuery = (eventId: string) => sql.type(PlaceRow)`
  SELECT event.leaf_index, event.leaf_hash, signed.size, signed.note
  FROM (
    SELECT leaf_index, leaf_hash FROM audit.audit_events WHERE id = ${eventId}::uuid
    UNION ALL SELECT leaf_index, leaf_hash FROM audit.removed_events WHERE id = ${eventId}::uuid
  ) AS event
  LEFT JOIN (SELECT size, note FROM audit.checkpoints ORDER BY size DESC LIMIT 1) AS signed ON true`;

export const createLogTiles = (connection: Connection): LogTiles & LeafPositions & LoggedEntries => ({
  async read(tiles, size) {
    if (tiles.length === 0) return new Map();
    const rows = await connection.any(readQuery(tiles, size));
    return new Map(rows.map(({ level, tileIndex, hashes }) => [tileKey({ level, index: tileIndex }), hashes]));
  },
  async place(eventId) {
    const found = await connection.maybeOne(placeQuery(eventId));
    if (found === null) return null;
    const { leafIndex = null, leafHash = null, size, note } = found;
    return { leafIndex, leafHash, checkpoint: size === undefined || note === undefined ? null : { size, note } };
  },
  async entries(from, count) {
    const rows = await connection.any(sql.type(LoggedRow)`
      SELECT ${loggedColumns} FROM audit.audit_events
      WHERE leaf_index >= ${from}::int8 AND leaf_index < ${from + count}::int8 ORDER BY leaf_index`);
    return rows.map(toLogged);
  },
});
