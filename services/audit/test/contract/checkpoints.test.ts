import { describe, expect, test } from 'vitest';
import type { AuditEventMessage } from '@guildhall/contracts';
import { sql } from '@guildhall/db';
import { eventOf } from './fixture.ts';
import { recordAll, useLogDatabase } from './log-database.ts';

const database = useLogDatabase();

const eventsOf = (count: number): AuditEventMessage[] => Array.from({ length: count }, () => eventOf());
const key = Buffer.alloc(32, 3);
const signTwice = async (sign: () => Promise<unknown>): Promise<void> => {
  await sign();
  await sign();
};

describe('signing', () => {
  test('keeps the private key sealed: another encryption key signs nothing', async () => {
    await signTwice(database.signWith(key));
    await recordAll(database.startSequencer(), eventsOf(2));
    await expect(database.signWith(Buffer.alloc(32, 4))()).rejects.toThrow('A sealed text does not open');
    expect((await database.checkpoints.latest())?.size).toBe(0);
  });

  test('refuses another name than the log has', async () => {
    await signTwice(database.signWith(key, 'audit.example.org/log'));
    await recordAll(database.startSequencer(), eventsOf(1));
    await expect(database.signWith(key, 'other.example.org/log')()).rejects.toThrow(
      'LOG_ORIGIN is other.example.org/log, but this audit log signs as audit.example.org/log.',
    );
  });

  test('is at most once a second', async () => {
    const sign = database.signWith(key);
    const sequencer = database.startSequencer();
    await signTwice(sign);
    await recordAll(sequencer, eventsOf(1));
    const signedSizeAfter = async (signedAt: string) => {
      await database.run(sql.unsafe`UPDATE audit.checkpoints SET created_at = now() + ${signedAt}::interval`);
      await sign();
      return (await database.checkpoints.latest())?.size;
    };
    // A little ahead of the clock: a server that took over may be slow. Hours ahead: the clock was set back.
    expect(await signedSizeAfter('30 seconds')).toBe(0);
    expect(await signedSizeAfter('-1 second')).toBe(1);
    await recordAll(sequencer, eventsOf(1));
    expect(await signedSizeAfter('1 hour')).toBe(2);
  });

  test('stops when the log is smaller than what was signed, or does not begin with it', async () => {
    const sign = database.signWith(key);
    const sequencer = database.startSequencer();
    await sign();
    await recordAll(sequencer, eventsOf(300));
    await sign();
    await recordAll(sequencer, eventsOf(300));
    const before = await database.checkpoints.latest();
    expect(before?.size).toBe(300);
    await database.run(
      sql.unsafe`UPDATE audit.log_tiles SET hashes = decode(repeat('ab', 8192), 'hex') WHERE level = 0 AND tile_index = 1`,
    );
    await expect(sign()).rejects.toThrow('The audit log of 600 leaves does not begin with the 300 that were signed.');
    await database.run(sql.unsafe`UPDATE audit.log_heads SET size = 1, frontier = decode(repeat('cd', 32), 'hex')`);
    await expect(sign()).rejects.toThrow('The audit log has 1 leaves, but 300 were signed.');
    expect(await database.checkpoints.latest()).toEqual(before);
  });
});
