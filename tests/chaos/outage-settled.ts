import { waitFor } from '@guildhall/testkit';
import { isSuccess, teamKinds, type Kind, type Load, type Sample } from './outage-load.ts';
import { countSessions, leakedSessions, withClient, type Sessions } from './outage-sessions.ts';
import { serviceProcessNames, type OutageStack } from './outage-stack.ts';

const settleMsMax = 20_000;
/** Twice as many requests of each kind at once as a pool has connections. */
const burst = 100;

/** The number of answers by kind, status and problem. */
export const tally = (samples: readonly Sample[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind, status, code, detail } of samples) {
    const what = `${kind} ${status} ${code}: ${detail}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
};

/** Uses every connection of every pool once, so that a lost or leaked one shows. */
const fillPools = async (load: Load): Promise<readonly Sample[]> =>
  Promise.all(Array.from({ length: burst }, (_, n) => load.send(teamKinds[n % teamKinds.length] as Kind)));

const allWell = async (load: Load): Promise<boolean> =>
  (await Promise.all(teamKinds.map((kind) => load.send(kind)))).every(isSuccess);

const pidsOf = ({ stack }: OutageStack): readonly (readonly [string, number])[] =>
  serviceProcessNames.map((name) => [name, stack.service(name).pid]);

/** The state of the stack before a fault. */
export interface Before {
  readonly sessions: Sessions;
  readonly pids: ReturnType<typeof pidsOf>;
}

/** Waits until every service is ready and every pool is full. */
export const settle = async (outage: OutageStack, load: Load): Promise<Before> => {
  await waitFor(load.signInAgain, { timeoutMs: settleMsMax, what: 'signing in' });
  await waitFor(() => allWell(load), { timeoutMs: settleMsMax, what: 'the stack to be well' });
  await fillPools(load);
  return { sessions: await withClient(outage.databaseUrl, countSessions), pids: pidsOf(outage) };
};

/**
 * Waits until every service has noticed the outage. The gateway's answers do not show it: a route may be refused for
 * another service, and a service notices an outage only by its own connections.
 */
export const untilNoticed = async ({ stack }: OutageStack): Promise<void> => {
  const says = async (name: 'auth' | 'teamResources' | 'audit'): Promise<boolean> => {
    const { sharedDatabase } = (await (await fetch(`${stack.urls[name]}/readyz`)).json()) as {
      readonly sharedDatabase: { readonly status: string };
    };
    return sharedDatabase.status === 'unavailable';
  };
  for (const name of ['auth', 'teamResources', 'audit'] as const)
    await waitFor(() => says(name), { timeoutMs: settleMsMax, what: `${name} to notice the outage` });
};

/** The traces of the fault that remain after recovery. */
export const traces = async (outage: OutageStack, load: Load, { sessions, pids }: Before, outageAt: string | null) => {
  const refused = (await fillPools(load)).filter((sample) => !isSuccess(sample));
  let leaked: readonly string[] = [];
  const noneIsLeaked = async (): Promise<boolean> => {
    leaked = await leakedSessions(outage.databaseUrl, sessions, outageAt);
    return leaked.length === 0;
  };
  await waitFor(noneIsLeaked, { timeoutMs: settleMsMax }).catch(() => undefined);
  const now = new Map(pidsOf(outage));
  return {
    refusedAfterwards: tally(refused),
    leaked,
    restarted: pids.flatMap(([name, pid]) => (now.get(name) === pid ? [] : [name])),
  };
};
