import { waitFor } from '@guildhall/testkit';
import type { Client } from 'pg';
import type { OutageStack } from './outage-stack.ts';
import { connectTo, countSessions, endSessions, withClient } from './outage-sessions.ts';

export interface Fault {
  readonly name: string;
  /** Whether the database may still be used by some: then nobody has to notice. */
  readonly isPartial?: true;
  /** Whether it is over as soon as it has begun. */
  readonly isShort?: true;
  /** What takes its time and is not yet felt. */
  prepare?(): Promise<void>;
  begin(): Promise<void>;
  /** Resolves when the database can be used again. */
  end(): Promise<void>;
}

type Parts = Pick<OutageStack, 'proxy' | 'server' | 'databaseUrl'>;

/** The server answers after this long: longer than anybody should wait. */
const slowMs = 10_000;

const network = ({ proxy }: Parts): readonly Fault[] => {
  const pass = (): Promise<void> => proxy.mode('pass');
  return [
    { name: 'refused', begin: () => proxy.mode('refuse'), end: pass },
    { name: 'black hole', begin: () => proxy.mode('black-hole'), end: pass },
    { name: 'slow', begin: () => proxy.mode({ slow: { delayMs: slowMs } }), end: pass },
    { name: 'cut mid-answer', begin: () => proxy.mode('cut-mid-answer'), end: pass },
    { name: 'connections cut', isShort: true, begin: async () => proxy.cutAll(), end: pass },
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
const takeEverySlot = async (url: string, held: Client[]): Promise<void> => {
  for (;;) {
    try {
      held.push(await connectTo(url));
    } catch {
      return;
    }
  }
};

const roundsMax = 20;

/** The services come back while their places are being taken: until none of them has one. */
const takePlaces = async (own: Client, takeAll: () => Promise<void>, untilNoneIsLeft: boolean): Promise<void> => {
  for (let round = 0; round < roundsMax; round += 1) {
    await endSessions(own);
    await takeAll();
    if (!untilNoneIsLeft || Object.keys(await countSessions(own)).length === 0) return;
  }
};

/** Others hold every connection; with `reserved` also those that the server keeps for its administrator. */
const outOfConnections = ({ databaseUrl }: Parts, reserved: boolean): Fault => {
  const held: Client[] = [];
  const url = new URL(databaseUrl);
  if (!reserved) Object.assign(url, { username: crowd.name, password: crowd.password });
  let own: Client | undefined;
  return {
    name: reserved ? 'out of connections' : 'out of connections but the reserved',
    ...(reserved ? {} : { isPartial: true }),
    prepare: async () => {
      own = await connectTo(databaseUrl);
      held.length = 0;
      await own.query(`DROP ROLE IF EXISTS ${crowd.name}`);
      await own.query(`CREATE ROLE ${crowd.name} LOGIN PASSWORD '${crowd.password}'`);
      await takeEverySlot(url.href, held);
    },
    begin: async () => {
      if (own !== undefined) await takePlaces(own, () => takeEverySlot(url.href, held), reserved);
    },
    end: async () => {
      await Promise.all(held.splice(0).map((client) => client.end()));
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
