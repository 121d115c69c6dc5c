import {
  constraintOf,
  row,
  sql,
  sqlStateOf,
  uncheckedRow,
  withoutNull,
  type Connection,
  type RowOf,
  type SharedDatabase,
} from '@guildhall/db';
import { AppError } from '@guildhall/errors';
import { Type } from 'typebox';
import type { Append, Claim, SequencedLog } from '../core/log/sequenced-log.ts';
import { tileWidth } from '../core/log/tiles.ts';
import { Bytes, hashesOf } from './bytes.ts';
import { loggedColumns, LoggedRow, toLogged } from './event-rows.ts';
import { logName } from './log-name.ts';
import { joined, newLeafTuples, storedLeafTuples, tileTuples } from './new-leaves.ts';
import { refusedValues } from './refused-values.ts';
import { storedLeaves } from './stored-leaves.ts';
import { isUnsequenced, plantedHash, setUnplacedAside } from './unplaced-rows.ts';
import { auditEvents, logHeads } from './tables.ts';

/** A holder that is gone is replaced after this. */
const leaseSeconds = 5;
/**
 * The lifetime beyond which a lease counts as expired: the clock of the database was set back, or a server with a slower clock
 * took over.
 */
const impossibleSeconds = 120;

const ClaimRow = row(
  [logHeads],
  { size: Type.Integer(), frontier: Bytes, fencing: Type.Integer() },
  { seenSize: Type.Integer(), known: Type.Array(Type.String()) },
);
const KnownRow = uncheckedRow({ known: Type.Array(Type.String()) });
const MovedRow = uncheckedRow({ moved: Type.Integer() });

/** The most planted rows that are set aside at a time. */
const plantedMax = 1_000;

const PlantedRow = row([withoutNull(auditEvents, 'leafIndex')], { id: Type.String(), leafIndex: Type.Integer() });

const knownAmong = (ids: readonly string[]) => sql.fragment`
  ARRAY(SELECT event.id::text FROM audit.audit_events AS event WHERE event.id = ANY(${sql.array([...ids], 'uuid')})
        UNION ALL SELECT gone.id::text FROM audit.removed_events AS gone WHERE gone.id = ANY(${sql.array([...ids], 'uuid')}))`;

const claimQuery = (holder: string, ids: readonly string[]) => sql.type(ClaimRow)`
  WITH claimed AS (
    UPDATE audit.log_heads
    SET holder = ${holder}::uuid, fencing = fencing + 1, expires_at = now() + ${leaseSeconds}::float8 * interval '1 second', updated_at = now()
    WHERE name = ${logName} AND (holder IS NULL OR holder = ${holder}::uuid OR expires_at <= now()
      OR expires_at > now() + ${impossibleSeconds}::float8 * interval '1 second')
    RETURNING size, frontier, fencing
  )
  SELECT size, frontier, fencing, ${knownAmong(ids)} AS known,
         (SELECT seen.size FROM audit.log_heads AS seen WHERE seen.name = ${logName}) AS seen_size
  FROM claimed`;

const beginQuery = () => sql.unsafe`
  INSERT INTO audit.log_heads (name, size, frontier) VALUES (${logName}, 0, ''::bytea) ON CONFLICT (name) DO NOTHING`;

/**
 * Moves the head, if it is still what was seen and nobody has claimed it since, which the fencing number tells; the lease goes on or ends with it. A
 * lease that was let go needs no claim then: the compare and swap is enough (record 76).
 */
const moveHead = (holder: string, { lease, next, keepsLease }: Append<unknown>, lastRecordedAt: string | null) => sql.fragment`
  UPDATE audit.log_heads
  SET size = ${next.size}::int8, frontier = ${sql.binary(joined(next.hashes))},
      last_recorded_at = greatest(last_recorded_at, ${lastRecordedAt}::timestamptz),
      holder = CASE WHEN ${keepsLease}::bool THEN ${holder}::uuid END,
      expires_at = CASE WHEN ${keepsLease}::bool THEN now() + ${leaseSeconds}::float8 * interval '1 second' END, updated_at = now()
  WHERE name = ${logName} AND size = ${lease.head.size}::int8 AND fencing = ${lease.fencing}::int8
    AND frontier = ${sql.binary(joined(lease.head.hashes))} AND (holder IS NULL OR holder = ${holder}::uuid)
  RETURNING size`;

/**
 * A tile of leaves becomes whole with those that stand beside their events already; a tile above grows. Only the last tile
 * can lack leaves: the constant lower bound keeps the scan of an engine that does not push `gained` down within one tile.
 */
const growTiles = ({ tiles, lease }: Append<unknown>) => sql.fragment`
  INSERT INTO audit.log_tiles AS tile (level, tile_index, hashes)
  SELECT gained.level, gained.tile_index,
         CASE WHEN gained.level > 0 THEN ''::bytea
              ELSE coalesce((SELECT string_agg(leaf.leaf_hash, ''::bytea ORDER BY leaf.leaf_index)
                             FROM (${storedLeaves}) AS leaf
                             WHERE leaf.leaf_index >= ${lease.head.size - (lease.head.size % tileWidth)}::int8
                               AND leaf.leaf_index >= gained.tile_index * ${tileWidth}::int8
                               AND leaf.leaf_index < (gained.tile_index + 1) * ${tileWidth}::int8
                               AND leaf.leaf_index < ${lease.head.size}::int8), ''::bytea)
         END || decode(gained.hashes, 'hex')
  FROM ${tileTuples(tiles)} AS gained (level, tile_index, hashes) CROSS JOIN moved
  ON CONFLICT (level, tile_index) DO UPDATE SET hashes = tile.hashes || excluded.hashes, updated_at = now()
  RETURNING tile.id`;

type Appending = Parameters<SequencedLog['append']>[0];

const latest = (times: readonly string[]): string | null =>
  times.reduce<string | null>((last, time) => (last === null || time > last ? time : last), null);

const appendQuery = (holder: string, append: Appending) => sql.type(MovedRow)`
  WITH moved AS (${moveHead(holder, append, latest(append.leaves.map(({ event }) => event.recordedAt)))}),
  stored AS (
    INSERT INTO audit.audit_events
      (id, actor_type, actor_id, session_id, ip, user_agent, action, resource_type, resource_id, resource_name, community_id,
       result, changes, request_id, service, occurred_at, recorded_at, leaf_hash, leaf_index)
    SELECT given.id, given.actor_type, given.actor_id, given.session_id, given.ip, given.user_agent, given.action, given.resource_type,
           given.resource_id, given.resource_name, given.community_id, given.result, given.changes::jsonb, given.request_id,
           given.service, given.occurred_at, given.recorded_at, decode(given.leaf_hash, 'hex'), given.leaf_index
    FROM ${newLeafTuples(append.leaves, append.lease.head.size)} AS given
      (id, actor_type, actor_id, session_id, ip, user_agent, action, resource_type, resource_id, resource_name, community_id,
       result, changes, request_id, service, occurred_at, recorded_at, leaf_hash, leaf_index) CROSS JOIN moved
  ), tiled AS (${growTiles(append)})
  SELECT count(*)::int8 AS moved FROM moved`;

const uniqueViolation = '23505';

/** The error of an inconsistent head or tile: no event is to blame, so none becomes a dead letter. */
const notWhole = (constraint: string, cause: unknown): AppError =>
  new AppError(
    'SERVICE_UNAVAILABLE',
    `The audit log is blocked: a row of audit.log_heads or audit.log_tiles was written by hand, which ${constraint} tells. ` +
      'Keep a copy of the tiles behind the head and delete them; everything that waits is stored then.',
    { cause, retryAfterSeconds: 60 },
  );

/** Turns a taken id or leaf index into SERVICE_UNAVAILABLE: the log has moved on since it was read. */
const unlessTaken = async (work: Promise<boolean>): Promise<boolean> => {
  try {
    return await work;
  } catch (error) {
    if (sqlStateOf(error) === uniqueViolation) return false;
    const constraint = constraintOf(error) ?? '';
    throw constraint.startsWith('ck_log_') ? notWhole(constraint, error) : error;
  }
};

const placeQuery = ({ leaves, lease }: Parameters<SequencedLog['place']>[0]) => sql.unsafe`
  UPDATE audit.audit_events AS event
  SET leaf_index = placed.leaf_index, leaf_hash = decode(placed.leaf_hash, 'hex'), updated_at = now()
  FROM ${storedLeafTuples(leaves, lease.head.size)} AS placed (id, leaf_hash, leaf_index)
  WHERE event.id = placed.id AND event.leaf_index IS NULL AND event.leaf_hash IS NULL`;

const moveQuery = (holder: string, placing: Append<unknown>) => sql.type(MovedRow)`
  WITH moved AS (${moveHead(holder, placing, null)}), tiled AS (${growTiles(placing)})
  SELECT count(*)::int8 AS moved FROM moved`;

const plantedQuery = () => sql.type(PlantedRow)`
  SELECT event.id, event.leaf_index
  FROM audit.log_heads AS head JOIN audit.audit_events AS event ON event.leaf_index >= head.size
  WHERE head.name = ${logName} AND event.leaf_index IS NOT NULL ORDER BY event.leaf_index LIMIT ${plantedMax}`;

/**
 * Takes the leaf index away from planted rows. The lock on the head lets no append in between, so that none of them can be
 * the log's own. Their leaf hash, whatever it is, keeps them from being sequenced.
 */
const asideQuery = (ids: readonly string[]) => sql.unsafe`
  WITH head AS (SELECT size FROM audit.log_heads WHERE name = ${logName} FOR UPDATE)
  UPDATE audit.audit_events AS event
  SET leaf_index = NULL, leaf_hash = coalesce(event.leaf_hash, ${plantedHash}), updated_at = now()
  FROM head
  WHERE event.leaf_index >= head.size AND event.id = ANY(${sql.array([...ids], 'uuid')})`;

/** Rolls a transaction back whose statements found that the log had moved on. */
class LogMoved extends Error {
  override readonly name = 'LogMoved';
}

/** Throws LogMoved. The tiles first: they take the leaves from beside the events as they were. */
const placeIn = async (tx: Connection, holder: string, placing: Parameters<SequencedLog['place']>[0]): Promise<true> => {
  const { moved } = await tx.one(moveQuery(holder, placing));
  if (moved === 0) throw new LogMoved('The lease was lost, or the log has moved on.');
  const { rowCount } = await tx.query(placeQuery(placing));
  if (rowCount !== placing.leaves.length) throw new LogMoved('An event was sequenced meanwhile.');
  return true;
};

/**
 * True for a stale claim: it waited for the append of another process and returns the new head, but the known events as they
 * were before.
 */
const isStale = ({ size, seenSize }: RowOf<typeof ClaimRow>): boolean => size !== seenSize;

const knownOf = async (connection: Connection, ids: readonly string[]): Promise<readonly string[]> =>
  (await connection.one(sql.type(KnownRow)`SELECT ${knownAmong(ids)} AS known`)).known;

const claimOf = ({
  size,
  frontier,
  fencing,
  known,
}: Pick<RowOf<typeof ClaimRow>, 'size' | 'frontier' | 'fencing'> & { known: readonly string[] }): Claim => ({
  lease: { fencing, head: { size, hashes: hashesOf(frontier) } },
  known: new Set(known),
});

/** `holder` is this process's own, and no other's. */
export const createSequencedLog = (
  { connection, inTransaction }: Pick<SharedDatabase, 'connection' | 'inTransaction'>,
  holder: string,
): SequencedLog => ({
  async claim(ids) {
    const claimed = await connection.maybeOne(claimQuery(holder, ids));
    if (claimed !== null)
      return claimOf({ ...claimed, known: isStale(claimed) ? await knownOf(connection, ids) : claimed.known });
    await connection.query(beginQuery());
    return null;
  },
  known: async (ids) => new Set(await knownOf(connection, ids)),
  append: (append) => unlessTaken(refusedValues(connection.one(appendQuery(holder, append)).then(({ moved }) => moved === 1))),
  unsequenced: async (limit) => {
    const rows = await connection.any(sql.type(LoggedRow)`
      SELECT ${loggedColumns} FROM audit.audit_events
      WHERE ${isUnsequenced} ORDER BY recorded_at, id LIMIT ${limit}`);
    return rows.map(toLogged);
  },
  place: (placing) =>
    inTransaction((tx) => placeIn(tx, holder, placing)).catch((error: unknown) => {
      if (error instanceof LogMoved) return false;
      throw error;
    }),
  async setUnplacedAside(ids) {
    await connection.query(sql.unsafe`${setUnplacedAside(sql.fragment`id = ANY(${sql.array([...ids], 'uuid')})`)}`);
  },
  async setPlantedAside() {
    const planted = await connection.any(plantedQuery());
    if (planted.length > 0) await connection.query(asideQuery(planted.map(({ id }) => id)));
    return planted;
  },
  async release(fencing) {
    await connection.query(sql.unsafe`
      UPDATE audit.log_heads SET holder = NULL, expires_at = NULL, updated_at = now()
      WHERE name = ${logName} AND fencing = ${fencing}::int8 AND holder = ${holder}::uuid`);
  },
});
