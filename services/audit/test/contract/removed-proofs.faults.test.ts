import type { AuditEvent, ConsistencyProof, InclusionProof } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventOf, startFixture, type Fixture } from './fixture.ts';
import { checkConsistency, leafOf, readCheckpoint, rootByPath } from './merkle-checks.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const text = async (route: string): Promise<string> => (await fetch(fixture.url + route)).text();
const signedOver = (size: number) =>
  waitFor(
    async () => {
      const checkpoint = readCheckpoint(await text('/v1/audit/checkpoint'), await text('/v1/audit/log/key'));
      return checkpoint.size >= size && checkpoint;
    },
    { what: `a checkpoint of ${size} events` },
  );
const asOwner = (method: string, route: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  fixture
    .asCaller('installation:manage', 'audit:read')
    .then((caller) => fixture.ask<{ removed: number }>(method, route, { body, headers: { ...caller, ...headers } }));
const isGone = async (id: string): Promise<boolean> => (await fixture.read(`/v1/audit/events/${id}`)).status === 404;

test('what was pruned and redacted is still proven to have been in the log, and the log to go on from before', async () => {
  const events = Array.from({ length: 300 }, () => eventOf());
  const ids = events.map(({ id }) => id);
  await fixture.storeOld(31, events.slice(0, 200));
  await fixture.report(...events.slice(200));
  const before = await signedOver(events.length);
  const leaves = new Map<string, string>();
  const asked = [0, 1, 199, 255, 256, 299].map((at) => ids[at] ?? '');
  for (const id of asked) {
    const { body } = await fixture.read<AuditEvent>(`/v1/audit/events/${id}`);
    leaves.set(id, leafOf({ ...body, leafIndex: undefined }).toString('base64'));
  }

  const redacted = ids.slice(255, 257);
  expect((await asOwner('POST', '/v1/audit/redactions', { eventIds: redacted })).body).toEqual({
    removed: 2,
    kept: 0,
    isDryRun: false,
  });
  await asOwner('PUT', '/v1/audit/retention', { keepDays: 30 }, { 'if-match': '"1"' });
  await waitFor(() => isGone(ids[199] ?? ''), { what: 'pruning' });
  const after = await signedOver(events.length + 3);

  for (const [at, id] of asked.entries()) {
    expect(await isGone(id)).toBe(at !== asked.length - 1);
    const { status, body } = await fixture.read<InclusionProof>(`/v1/audit/events/${id}/proof`);
    expect([status, body.leafIndex, body.leafHash]).toEqual([200, ids.indexOf(id), leaves.get(id)]);
    expect([body.treeSize, rootByPath(body)]).toEqual([after.size, after.root]);
  }
  const headers = await fixture.asCaller('audit:read');
  const receiptOf = (id: string) => fetch(`${fixture.url}/v1/audit/events/${id}/receipt`, { headers });
  const receipts = (await Promise.all(asked.map(receiptOf))).map(({ status }) => status);
  expect(receipts).toEqual([...Array<number>(asked.length - 1).fill(410), 200]);
  const { body } = await fixture.read<ConsistencyProof>(`/v1/audit/consistency?from=${before.size}&to=${after.size}`);
  expect([body.fromRoot, body.toRoot]).toEqual([before.root, after.root]);
  checkConsistency(body);
});
