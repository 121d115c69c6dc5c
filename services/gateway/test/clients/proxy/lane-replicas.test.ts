import { startTcpBalancer, waitFor } from '@guildhall/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { openDoor, operations } from '../../support/lane-door.ts';
import { startLaneStandIn, type LaneStandIn } from '../../support/lane-stand-in.ts';

const startReplica = async (): Promise<LaneStandIn> => {
  const replica = await startLaneStandIn({ operations });
  onTestFinished(() => replica.kill());
  return replica;
};

const callsOf = ({ came }: LaneStandIn): number => came.filter((one) => one.startsWith('lane')).length;

const urlsOf = (...replicas: readonly LaneStandIn[]): readonly string[] => replicas.map(({ url }) => url);

test('several replicas behind one name, one added and one taken away under load: each gets its share, and no request fails', async () => {
  const [first, second, third] = [await startReplica(), await startReplica(), await startReplica()];
  const balancer = await startTcpBalancer(urlsOf(first, second));
  onTestFinished(balancer.close);
  const door = await openDoor(balancer, { connectionsMax: 4, connectionAgeMs: 100 });
  await door.untilOpen();
  const over = new AbortController();
  const statuses: number[] = [];
  const body = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
  const load = Array.from({ length: 8 }, async () => {
    while (!over.signal.aborted) statuses.push((await fetch(`${door.url}/create`, body)).status);
  });
  await waitFor(() => callsOf(first) > 0 && callsOf(second) > 0, { what: 'both replicas to be called' });

  balancer.use(urlsOf(first, second, third));
  await waitFor(() => callsOf(third) > 0, { what: 'the added replica to be called' });

  balancer.use(urlsOf(second, third));
  await first.drain();
  const atFirst = callsOf(first);
  const before = [callsOf(second), callsOf(third)];
  await waitFor(() => callsOf(second) > Number(before[0]) && callsOf(third) > Number(before[1]), { what: 'the others to go on' });
  over.abort();
  await Promise.all(load);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(callsOf(first)).toBe(atFirst);
});
