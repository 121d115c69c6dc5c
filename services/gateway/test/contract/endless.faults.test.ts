import { randomUUID } from 'node:crypto';
import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { communityId, startStandInTeam, type StandInTeam } from '../support/team.ts';

let team: StandInTeam;
let gateway: TestGateway;

const answerStream: StandInTeam['instead'] = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');

beforeAll(async () => {
  team = await startStandInTeam();
  gateway = await startReadyGateway();
  team.roles.set('ada', 'owner');
  team.instead = answerStream;
});
afterAll(async () => {
  await gateway.stop();
  await team.stop();
});

const startReadyGateway = async (): Promise<TestGateway> => {
  const started = await startTestGateway(team.env);
  const token = await team.issuer.sign();
  await waitFor(async () => (await ask(`${started.url}/v1/auth/me`, { token })).status === 200, { what: 'the team' });
  return started;
};

/** Listens until the stream ends. */
const listen = async (path: string, token: string, of = gateway) => {
  const response = await fetch(`${of.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  let isOver = false;
  const text = response.text().finally(() => void (isOver = true));
  return { text, isOver: () => isOver };
};
const communityStream = `/v1/communities/${communityId}/audit/stream`;

test('a stream ends when its session is revoked, or its role taken away, and no other with it', async () => {
  const sessionId = randomUUID();
  const permissions = ['audit:read'];
  const staying = await listen('/v1/audit/stream', await team.issuer.sign({ userId: 'bob', permissions }));
  const revoked = await listen('/v1/audit/stream', await team.issuer.sign({ userId: 'eve', sessionId, permissions }));
  const community = await listen(communityStream, await team.issuer.sign());
  team.revoked.push(sessionId);
  expect(await revoked.text).toBe(': here\n\n');
  expect([staying.isOver(), community.isOver()]).toEqual([false, false]);
  team.roles.set('ada', 'member');
  expect(await community.text).toBe(': here\n\n');
  expect(staying.isOver()).toBe(false);
});

test('the others end with the gateway', async () => {
  team.instead = undefined;
  const second = await startReadyGateway();
  team.instead = answerStream;
  const stream = await listen('/v1/audit/stream', await team.issuer.sign({ permissions: ['audit:read'] }), second);
  await second.stop();
  expect(await stream.text).toBe(': here\n\n');
});
