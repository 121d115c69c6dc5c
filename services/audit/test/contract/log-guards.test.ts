import { sql } from '@guildhall/db';
import { serverEngine, waitFor } from '@guildhall/testkit';
import { expect, test } from 'vitest';
import { eventOf } from './fixture.ts';
import { recordAll, useLogDatabase, wholeLog } from './log-database.ts';

const database = useLogDatabase();

const eventsOf = (count: number) => Array.from({ length: count }, () => eventOf());

// Only PostgreSQL's list of sessions says who waits for a lock.
const isPostgres = (await serverEngine()).name === 'PostgreSQL';

test.runIf(isPostgres)('a lease that waited for the append of another tells what that stored', async () => {
  const { id } = eventOf();
  const own = database.sequencedLog();
  await own.release((await database.claimAnew(own)).lease.fencing);
  const [begun, claimed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const appending = database.inTransaction(async (tx) => {
    // What the one statement of an append writes, cut in two.
    await tx.query(sql.unsafe`
      INSERT INTO audit.audit_events (id, actor_type, actor_id, action, resource_type, resource_id, result, request_id, service, occurred_at, recorded_at, leaf_index)
      VALUES (${id}, 'user', 'ada', 'script.update', 'script', 'script-1', 'success', 'request-1', 'team-resources', now(), now(), 0)`);
    await tx.query(sql.unsafe`UPDATE audit.log_heads SET size = 1, frontier = decode(repeat('00', 32), 'hex')`);
    begun.resolve();
    await claimed.promise;
  });
  await begun.promise;
  const claiming = own.claim([id]);
  await waitFor(database.isHeadWaitedFor, { what: 'the claim to wait' }).finally(claimed.resolve);
  await appending;
  const claim = await claiming;
  expect([claim?.lease.head.size, claim?.known]).toEqual([1, new Set([id])]);
});

test('a lease of a process that is gone ends, also when the clock of the database was set back an hour', async () => {
  const gone = database.sequencedLog();
  await database.claimAnew(gone);
  await database.run(sql.unsafe`UPDATE audit.log_heads SET expires_at = now() + interval '1 hour'`);
  expect(await recordAll(database.startSequencer(), eventsOf(2))).toBe(2);
});

test('a tile that somebody wrote by hand is no fault of the events: they wait, and none is set aside', async () => {
  const sequencer = database.startSequencer();
  await recordAll(sequencer, eventsOf(250));
  await database.run(sql.unsafe`
    INSERT INTO audit.log_tiles (level, tile_index, hashes) VALUES (0, 0, decode(repeat('00', 8192), 'hex'))`);
  const waiting = eventsOf(10);
  await expect(recordAll(sequencer, waiting)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringContaining('ck_log_tiles_hashes'),
  });
  await database.run(sql.unsafe`DELETE FROM audit.log_tiles`);
  expect(await recordAll(sequencer, waiting)).toBe(10);
  expect(await wholeLog(database)).toMatchObject({ isContiguous: true, isHashedAsStored: true, size: 260, count: 260 });
});
