import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { endSessions } from '@guildhall/engine';
import type { Client } from 'pg';
import { codeOf, openClient, withClient } from './connection.ts';
import { retrySerialization } from './retry.ts';
import {
  actAsOwner,
  ensureLease,
  raiseFence,
  readLease,
  releaseLease,
  renewLease,
  sessionName,
  takeLease,
  type Lease,
  type LeaseState,
} from './lease.ts';

export interface LeaseTimes {
  /** A holder that does not renew the lease for this long loses it. */
  readonly durationMs: number;
  readonly heartbeatMs: number;
  /** The polling interval of a process that waits for the lease, in milliseconds. */
  readonly askEveryMs: number;
  /** The longest wait for other holders, one after the other, in milliseconds. */
  readonly waitMs: number;
}

export const leaseTimes: LeaseTimes = { durationMs: 8_000, heartbeatMs: 2_000, askEveryMs: 250, waitMs: 300_000 };

/** The longest wait for an open transaction of the former holder, which the server is told to end. */
const fenceWaitMs = 30_000;
const askTimeoutMs = 5_000;

export class LeaseLost extends Error {
  constructor({ schema, fencing }: Lease, cause?: unknown) {
    super(
      `This run has lost the lease of schema ${schema} (fencing token ${fencing}): it was paused or disconnected for longer than the lease lasts, and another run took over. It writes nothing more; the migration that it had begun was not recorded. Check the status, and run it again if something is pending.`,
      { cause },
    );
  }
}

export interface HeldLease {
  readonly lease: Lease;
  /** Throws LeaseLost if another holder is known to have taken over. */
  check(): void;
}

const newHolder = (): string => `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;

const stillHeld = (schema: string, state: LeaseState | null, waitMs: number): Error =>
  new Error(
    `Schema ${schema} is being migrated by ${state?.holder ?? 'somebody else'}, last seen ${(state?.secondsSinceHeartbeat ?? 0).toFixed(1)} s ago: waited ${waitMs / 1000} s. Wait for it to end, or end that process; its lease is free ${(leaseTimes.durationMs / 1000).toFixed(0)} s later.`,
  );

/** Waits for the lease and takes it, in the role of the owner, to whom its table shall belong; then the session is in its own role again. */
const acquire = async (client: Client, schema: string, times: LeaseTimes): Promise<Lease> => {
  const holder = newHolder();
  const deadline = performance.now() + times.waitMs;
  const isOwner = await actAsOwner(client, schema);
  await ensureLease(client, schema);
  for (;;) {
    const lease = await takeLease(client, schema, holder, times.durationMs);
    if (lease !== null) {
      if (isOwner) await client.query('RESET ROLE');
      return lease;
    }
    if (performance.now() >= deadline) throw stillHeld(schema, await readLease(client, schema), times.waitMs);
    await pause(times.askEveryMs * (0.5 + Math.random()));
  }
};

/**
 * Renews a lease while work runs under it, on a connection of its own that is opened again when it breaks. It is opened when the
 * lease is first to be renewed: most runs have ended before.
 */
const keep = (databaseUrl: string, lease: Lease, times: LeaseTimes) => {
  const stopping = new AbortController();
  const state = { isLost: false };
  const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal: stopping.signal });
  const renew = async (): Promise<void> => {
    const client = await openClient(databaseUrl);
    try {
      while (!stopping.signal.aborted && !state.isLost) {
        await client.query(`SET statement_timeout = ${askTimeoutMs}`);
        state.isLost = !(await renewLease(client, lease, times.durationMs));
        await wait(times.heartbeatMs);
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const keeping = async (): Promise<void> => {
    await wait(times.heartbeatMs).catch(() => undefined);
    while (!stopping.signal.aborted && !state.isLost) {
      await renew().catch(() => wait(times.heartbeatMs / 4).catch(() => undefined));
    }
  };
  const ended = keeping();
  return {
    isLost: () => state.isLost,
    stop: async (): Promise<void> => {
      stopping.abort();
      await ended;
    },
  };
};

/**
 * Names the session after the lease, ends the sessions of the former holder and raises the fence. If an open transaction of the
 * former holder does not end in time, the error says so instead of quoting the server.
 */
const passFence = async (client: Client, lease: Lease): Promise<void> => {
  await client.query(`SET application_name = '${sessionName(lease)}'`);
  await endSessions(client, lease.schema, lease.fencing);
  await client.query(`SET statement_timeout = ${fenceWaitMs}`);
  try {
    await retrySerialization(() => raiseFence(client, lease));
  } catch (cause) {
    if (codeOf(cause) !== '57014') throw cause;
    throw new Error(
      `The run that held the lease of schema ${lease.schema} before has a transaction open that did not end within ${fenceWaitMs / 1000} s. End its session in the database, and run this again.`,
      { cause },
    );
  }
  await client.query('RESET statement_timeout');
};

/** Asks on a session, and ends it when it does not answer: the system would give up a silent connection only after minutes. */
const endingWhenSilent = async <A>(client: Client, question: (session: Client) => Promise<A>): Promise<A> => {
  const late = setTimeout(() => void client.end().catch(() => undefined), askTimeoutMs);
  try {
    return await question(client);
  } finally {
    clearTimeout(late);
  }
};

/**
 * Runs `use` under the schema's lease: waits for it, renews it, releases it. The session is the holder's from then on: a successor
 * finds it by its name and ends it. If `use` fails because another holder took over, throws LeaseLost instead of the server's error.
 */
export const withLease = async <T>(
  databaseUrl: string,
  client: Client,
  schema: string,
  use: (held: HeldLease) => Promise<T>,
  times: LeaseTimes = leaseTimes,
): Promise<T> => {
  const lease = await acquire(client, schema, times);
  const keeper = keep(databaseUrl, lease, times);
  const check = (): void => {
    if (keeper.isLost()) throw new LeaseLost(lease);
  };
  const ask = <A>(question: (session: Client) => Promise<A>): Promise<A> =>
    endingWhenSilent(client, question).catch(() => withClient(databaseUrl, question));
  try {
    await passFence(client, lease);
    return await use({ lease, check });
  } catch (error) {
    if (!(error instanceof LeaseLost) && (await ask((session) => isTaken(session, lease)).catch(() => false)))
      throw new LeaseLost(lease, error);
    throw error;
  } finally {
    await keeper.stop();
    await ask((session) => retrySerialization(() => releaseLease(session, lease))).catch(() => undefined);
  }
};

const isTaken = async (client: Client, { schema, fencing }: Lease): Promise<boolean> => {
  const state = await readLease(client, schema);
  return state !== null && state.fencing !== fencing;
};
