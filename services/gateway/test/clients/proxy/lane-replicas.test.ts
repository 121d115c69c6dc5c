import { connect, createServer, type AddressInfo } from 'node:net';
import { waitFor } from '@guildhall/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { openDoor, operations } from '../../support/lane-door.ts';
import { startLaneStandIn, type LaneStandIn } from '../../support/lane-stand-in.ts';

const startReplica = async (): Promise<LaneStandIn> => {
  const replica = await startLaneStandIn({ operations });
  onTestFinished(() => replica.kill());
  return replica;
};

/** One name for several replicas: each connection goes to the next of them. */
const startBalancer = async (
  replicas: readonly LaneStandIn[],
): Promise<{ readonly url: string; use(now: readonly LaneStandIn[]): void }> => {
  let used = replicas;
  let connections = 0;
  const server = createServer((socket) => {
    const { port } = new URL(used[(connections += 1) % used.length]?.url ?? '');
    const upstream = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, use: (now) => void (used = now) };
};

const callsOf = ({ came }: LaneStandIn): number => came.filter((one) => one.startsWith('lane')).length;

test('several replicas behind one name, one added and one taken away under load: each gets its share, and no request fails', async () => {
  const [first, second, third] = [await startReplica(), await startReplica(), await startReplica()];
  const balancer = await startBalancer([first, second]);
  const door = await openDoor(balancer, { connectionsMax: 4, connectionAgeMs: 100 });
  await door.untilOpen();
  const over = new AbortController();
  const statuses: number[] = [];
  const body = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
  const load = Array.from({ length: 8 }, async () => {
    while (!over.signal.aborted) statuses.push((await fetch(`${door.url}/create`, body)).status);
  });
  await waitFor(() => callsOf(first) > 0 && callsOf(second) > 0, { what: 'both replicas to be called' });

  balancer.use([first, second, third]);
  await waitFor(() => callsOf(third) > 0, { what: 'the added replica to be called' });

  balancer.use([second, third]);
  await first.drain();
  const atFirst = callsOf(first);
  const before = [callsOf(second), callsOf(third)];
  await waitFor(() => callsOf(second) > Number(before[0]) && callsOf(third) > Number(before[1]), { what: 'the others to go on' });
  over.abort();
  await Promise.all(load);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(callsOf(first)).toBe(atFirst);
});
