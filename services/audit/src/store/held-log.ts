import { row, sql, uncheckedRow, type Connection, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import type { HeldLog, InHeldLog } from '../core/log/rebuild.ts';
import { tileHeight, tileWidth, type TileAddress } from '../core/log/tiles.ts';
import { Bytes } from './bytes.ts';
import { createCheckpoints } from './checkpoints.ts';
import { createLogTiles } from './log-tiles.ts';
import { logName } from './log-name.ts';
import { joined } from './new-leaves.ts';
import { storedLeaves } from './stored-leaves.ts';
import { logTiles } from './tables.ts';

const LeafRow = uncheckedRow({ leafIndex: Type.Integer(), leafHash: Bytes });
const AddressRow = row([logTiles], { level: Type.Integer(), tileIndex: Type.Integer() });

/** Tiles of one statement: two megabytes. */
const writtenMax = 256;

/** The number of tiles of a level, of leaves only whole ones. */
const tilesAt = (level: number, size: number): number => {
  const hashes = Math.floor(size / 2 ** (level * tileHeight));
  return level === 0 ? Math.floor(hashes / tileWidth) : Math.ceil(hashes / tileWidth);
};
/** The levels that a log of any size has. */
const levels = Array.from({ length: 6 }, (_, level) => level);

const beyondQuery = (size: number) => sql.type(AddressRow)`
  SELECT tile.level, tile.tile_index
  FROM audit.log_tiles AS tile
  LEFT JOIN ${sql.unnest(
    levels.map((level) => [level, tilesAt(level, size)]),
    ['int2', 'int8'],
  )} AS expected (level, tiles) ON expected.level = tile.level
  WHERE tile.tile_index >= coalesce(expected.tiles, 0)
  ORDER BY tile.level, tile.tile_index`;

const tuplesOf = (tiles: readonly TileAddress[]) =>
  sql.unnest(
    tiles.map(({ level, index }) => [level, index]),
    ['int2', 'int8'],
  );

const deleteQuery = (tiles: readonly TileAddress[]) => sql.unsafe`
  DELETE FROM audit.log_tiles AS tile USING ${tuplesOf(tiles)} AS gone (level, tile_index)
  WHERE tile.level = gone.level AND tile.tile_index = gone.tile_index`;

const writeQuery = (tiles: Parameters<HeldLog['replace']>[0]) => sql.unsafe`
  INSERT INTO audit.log_tiles AS tile (level, tile_index, hashes)
  SELECT right_one.level, right_one.tile_index, decode(right_one.hashes, 'hex')
  FROM ${sql.unnest(
    tiles.map(({ level, index, hashes }) => [level, index, joined(hashes).toString('hex')]),
    ['int2', 'int8', 'text'],
  )} AS right_one (level, tile_index, hashes)
  ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes, updated_at = now()`;

const heldLogOf = (tx: Connection): HeldLog => ({
  tiles: createLogTiles(tx),
  standing: createCheckpoints(tx).standing,
  leaves: ({ from, to }) =>
    tx.any(sql.type(LeafRow)`
      SELECT leaf.leaf_index, leaf.leaf_hash FROM (${storedLeaves}) AS leaf
      WHERE leaf.leaf_index >= ${from}::int8 AND leaf.leaf_index < ${to}::int8 AND leaf.leaf_hash IS NOT NULL
      ORDER BY leaf.leaf_index`),
  beyond: async (size) => (await tx.any(beyondQuery(size))).map(({ level, tileIndex }) => ({ level, index: tileIndex })),
  async replace(tiles, deleted) {
    if (deleted.length > 0) await tx.query(deleteQuery(deleted));
    for (let from = 0; from < tiles.length; from += writtenMax) await tx.query(writeQuery(tiles.slice(from, from + writtenMax)));
  },
  async setHead({ hashes }) {
    await tx.query(sql.unsafe`
      UPDATE audit.log_heads
      SET frontier = ${sql.binary(joined(hashes))}, fencing = fencing + 1, holder = NULL, expires_at = NULL, updated_at = now()
      WHERE name = ${logName}`);
  },
});

/** Holds the head of the log as long as a transaction lasts. */
export const createInHeldLog =
  ({ inTransaction }: Pick<SharedDatabase, 'inTransaction'>): InHeldLog =>
  (work) =>
    inTransaction(async (tx) => {
      await tx.query(sql.unsafe`SELECT name FROM audit.log_heads WHERE name = ${logName} FOR UPDATE`);
      return work(heldLogOf(tx));
    });
