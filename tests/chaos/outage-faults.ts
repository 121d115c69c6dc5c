import { waitFor } from '@guildhall/testkit';
import type { Client } from 'pg';
import type { OutageStack } from './outage-stack.ts';
import { connectTo, countSessions, endSessions, withClient } from './outage-sessions.ts';

export interface Fault {
  readonly name: string;
  /** Whether some connections may still work: then no service has to notice the fault. */
  readonly isPartial?: true;
  /** Whether it is over as soon as it has begun. */
  readonly isShort?: true;
  /** Prepares the fault: takes time and has no effect yet. */
  prepare?(): Promise<void>;
  begin(): Promise<void>;
  /** Resolves when the database can be used again. */
  end(): Promise<void>;
}

type Parts = Pick<OutageStack, 'proxy' | 'server' | 'databaseUrl'>;

/** The delay of a slow server: longer than any client should wait. */
const slowMs = 10_000;

const network = ({ proxy }: Parts): readonly Fault[] => {
  const pass = (): Promise<void> => proxy.mode('pass');
  return [
    { name: 'refused', begin: () => proxy.mode('refuse'), end: pass },
    { name: 'black hole', begin: () => proxy.mode('black-hole'), end: pass },
    { name: 'slow', begin: () => proxy.mode({ slow: { delayMs: slowMs } }), end: pass },
    { name: 'cut mid-answer', begin: () => proxy.mode('cut-mid-answer'), end: pass },
    { name: 'connections cut', isShort: true, begin: () => proxy.cutAll(), end: pass },
  ];
};

const stopped = ({ server }: Parts): readonly Fault[] => [
  { name: 'stopped', begin: server.stop, end: server.start },
  {
    name: 'restarted',
    isShort: true,
    begin: async () => {
      await server.stop();
      await server.start();
    },
    end: async () => {},
  },
];

const setReadOnly = (url: string, change: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query('SET default_transaction_read_only = off');
    await client.query(change);
    await client.query('SELECT pg_reload_conf()');
  });

const readOnly = ({ databaseUrl }: Parts): Fault => ({
  name: 'read-only',
  begin: () => setReadOnly(databaseUrl, 'ALTER SYSTEM SET default_transaction_read_only = on'),
  end: () => setReadOnly(databaseUrl, 'ALTER SYSTEM RESET default_transaction_read_only'),
});

const crowd = { name: 'crowd', password: 'in-a-chaos-run-only' };

/** Opens connections until the server has no more. */
const takeEverySlot = async (url: string, taken: Client[]): Promise<void> => {
  for (;;) {
    try {
      taken.push(await connectTo(url));
    } catch {
      return;
    }
  }
};

const roundsMax = 20;

/** Ends the sessions of the services and takes their slots, once or until no service has a connection. */
const takeSlots = async (own: Client, takeAll: () => Promise<void>, untilNoneIsLeft: boolean): Promise<void> => {
  for (let round = 0; round < roundsMax; round += 1) {
    await endSessions(own);
    await takeAll();
    if (!untilNoneIsLeft || Object.keys(await countSessions(own)).length === 0) return;
  }
};

/** Uses up every connection slot; with `reserved` also those that the server reserves for its administrator. */
const outOfConnections = ({ databaseUrl }: Parts, reserved: boolean): Fault => {
  const taken: Client[] = [];
  const url = new URL(databaseUrl);
  if (!reserved) Object.assign(url, { username: crowd.name, password: crowd.password });
  let own: Client | undefined;
  return {
    name: reserved ? 'out of connections' : 'out of connections but the reserved',
    ...(reserved ? {} : { isPartial: true }),
    prepare: async () => {
      own = await connectTo(databaseUrl);
      taken.length = 0;
      await own.query(`DROP ROLE IF EXISTS ${crowd.name}`);
      await own.query(`CREATE ROLE ${crowd.name} LOGIN PASSWORD '${crowd.password}'`);
      await takeEverySlot(url.href, taken);
    },
    begin: async () => {
      if (own !== undefined) await takeSlots(own, () => takeEverySlot(url.href, taken), reserved);
    },
    end: async () => {
      await Promise.all(taken.splice(0).map((client) => client.end()));
      const last = own;
      own = undefined;
      if (last === undefined) return;
      await waitFor(async () => (await last.query("SELECT 1 FROM pg_stat_activity WHERE usename = 'crowd'")).rowCount === 0);
      await last.query(`DROP ROLE ${crowd.name}`);
      await last.end();
    },
  };
};

/** Every way in which the shared database goes away. */
export const faultsOn = (parts: Parts): readonly Fault[] => [
  ...network(parts),
  ...stopped(parts),
  readOnly(parts),
  outOfConnections(parts, false),
  outOfConnections(parts, true),
];
