import { hash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEventMessage } from '@guildhall/contracts';
import { sql, uncheckedRow, type RowOf, type SharedDatabase } from '@guildhall/db';
import { freshDatabase } from '@guildhall/testkit';
import { openTables, untilTablesReady } from '@guildhall/testkit/service';
import { sharedByWorker } from '@guildhall/testkit/shared-by-worker';
import { Type } from 'typebox';
import { beforeEach } from 'vitest';
import { createLogSigner, verifyEd25519 } from '../../src/clients/log-signer.ts';
import { sha256 } from '../../src/clients/sha256.ts';
import { createSignCheckpoint } from '../../src/core/log/checkpoints.ts';
import type { Claim, SequencedLog } from '../../src/core/log/sequenced-log.ts';
import { leafHashOf } from '../../src/core/log/leaf.ts';
import { createSignedMemory } from '../../src/core/log/signed-memory.ts';
import { createSequencer, type Sequencer } from '../../src/core/log/sequence.ts';
import type { LogWriterParts } from '../../src/core/log/write.ts';
import { createCheckpoints } from '../../src/store/checkpoints.ts';
import { loggedColumns, LoggedRow, toLogged } from '../../src/store/event-rows.ts';
import { createLogTiles } from '../../src/store/log-tiles.ts';
import { createSequencedLog } from '../../src/store/sequenced-log.ts';

const pause = (): Promise<void> => delay(5);
const PlaceRow = uncheckedRow({ leafIndex: Type.Integer(), leafHash: Type.String() });
const HeadRow = uncheckedRow({ size: Type.Integer(), frontier: Type.String() });

/** The root of RFC 6962, section 2.1, as it is defined. */
const definedRoot = (leaves: readonly Uint8Array[]): Uint8Array => {
  if (leaves.length === 0) return hash('sha256', Buffer.alloc(0), 'buffer');
  if (leaves.length === 1) return leaves[0] ?? new Uint8Array();
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const halves = [definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split))];
  return hash('sha256', Buffer.concat([Buffer.of(1), ...halves]), 'buffer');
};

const TableRow = uncheckedRow({ name: Type.String() });
type Table = RowOf<typeof TableRow>;

const isCopy = ({ name }: Table): boolean => name.startsWith('copy_');
const listed = (tables: readonly Table[]) =>
  sql.join(
    tables.map(({ name }) => sql.identifier(['audit', name])),
    sql.fragment`, `,
  );

/** Removes every row, and the tables that tests made: copies. */
const empty = async ({ connection }: SharedDatabase): Promise<void> => {
  const tables = await connection.any(sql.type(TableRow)`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'audit' AND tablename NOT LIKE 'schema\\_migration%'`);
  const copies = tables.filter(isCopy);
  if (copies.length > 0) await connection.query(sql.unsafe`DROP TABLE ${listed(copies)}`);
  await connection.query(sql.unsafe`TRUNCATE ${listed(tables.filter((table) => !isCopy(table)))}`);
};

const openLogTables = async () => {
  const database = await freshDatabase({ services: ['audit'] });
  const tables = await openTables('audit', database.url);
  const close = async (): Promise<void> => {
    await tables.close();
    await database.drop();
  };
  return { tables, close };
};

/**
 * A database with a log, and processes on it. Each process has a name of its own, by which the lease tells
 * them apart; they share a pool, from which each transaction takes a connection of its own.
 */
const createLogDatabase = (own: SharedDatabase) => {
  const { connection } = own;
  return {
    connection,
    inTransaction: own.inTransaction,
    /** The first question makes the head, the second gets it. */
    claimAnew: async (sequenced: Pick<SequencedLog, 'claim'>): Promise<Claim> => {
      const claim = (await sequenced.claim([])) ?? (await sequenced.claim([]));
      if (claim === null) throw new Error('Another process holds the lease.');
      return claim;
    },
    isHeadWaitedFor: async (): Promise<boolean> =>
      (
        await connection.query(sql.unsafe`
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%UPDATE audit.log_heads%'`)
      ).rowCount > 0,
    /** Another process. */
    startSequencer: (onPlanted: LogWriterParts['onPlanted'] = () => undefined): Sequencer =>
      createSequencer({ log: createSequencedLog(own, randomUUID()), sha256, pause, onPlanted }),
    sequencedLog: (): SequencedLog => createSequencedLog(own, randomUUID()),
    checkpoints: createCheckpoints(connection),
    signWith: (encryptionKey: Uint8Array, origin: string | null = null) =>
      createSignCheckpoint({
        checkpoints: createCheckpoints(connection),
        tiles: createLogTiles(connection),
        signer: createLogSigner(encryptionKey),
        sha256,
        origin,
        newOrigin: () => 'guildhall-audit/test',
        witnesses: { seen: async () => [], cosign: async () => '' },
        memory: createSignedMemory(),
        verify: verifyEd25519,
        onAccepted: () => undefined,
      }),
    head: () => connection.maybeOne(sql.type(HeadRow)`SELECT size, encode(frontier, 'hex') AS frontier FROM audit.log_heads`),
    /** Every place of the log and its hash, in order. */
    places: () =>
      connection.any(sql.type(PlaceRow)`
        SELECT leaf_index, encode(leaf_hash, 'hex') AS leaf_hash FROM audit.audit_events WHERE leaf_index IS NOT NULL ORDER BY leaf_index`),
    /** Leaf hashes computed anew from the columns of every event, in the order of the log. */
    leavesAnew: async (): Promise<Uint8Array[]> =>
      (await connection.any(sql.type(LoggedRow)`SELECT ${loggedColumns} FROM audit.audit_events ORDER BY leaf_index`)).map(
        (found) => leafHashOf(sha256, toLogged(found)),
      ),
    run: async (query: ReturnType<typeof sql.unsafe>): Promise<number> => (await connection.query(query)).rowCount,
  };
};

export type LogDatabase = ReturnType<typeof createLogDatabase>;

/** A database with a log of its own, for a test that needs two. */
export const startLogDatabase = async (): Promise<LogDatabase & { close(): Promise<void> }> => {
  const { tables, close } = await openLogTables();
  return { ...createLogDatabase(tables), close };
};

const useOfWorker = sharedByWorker({
  open: async () => {
    const { tables, close } = await openLogTables();
    return { ...createLogDatabase(tables), tables, close };
  },
  close: ({ close }) => close(),
  untilReady: ({ tables }) => untilTablesReady(tables),
});

/** The log database of the worker, emptied before each test. */
export const useLogDatabase = (): LogDatabase => {
  const database = useOfWorker();
  beforeEach(() => empty(database.tables));
  return database;
};

const at = '2026-03-01T10:00:00.000Z';

/** The log is what its events say: no hole, every hash as computed from the columns, head and root in accord. */
export const wholeLog = async ({ places, leavesAnew, head }: LogDatabase) => {
  const [stored, leaves, found] = [await places(), await leavesAnew(), await head()];
  return {
    isContiguous: stored.every(({ leafIndex }, index) => leafIndex === index),
    isHashedAsStored: stored.every(({ leafHash }, index) => leafHash === Buffer.from(leaves[index] ?? []).toString('hex')),
    size: found?.size,
    count: stored.length,
    root: Buffer.from(definedRoot(leaves)).toString('base64'),
  };
};

export const recordAll = (sequencer: Sequencer, messages: readonly AuditEventMessage[]): Promise<number> =>
  sequencer.record(messages, at);
