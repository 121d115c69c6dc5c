import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, codeOf, fromOutside, startTestGateway, type TestGateway } from '../support/gateway.ts';

/** Sharing without a shared database; with one: tests/contract/share-workspace.test.ts. */
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const share = (workspaceId: string, given: object = {}) =>
  ask(`${gateway.url}/v1/workspaces/${workspaceId}/share`, {
    method: 'POST',
    body: { communityId: randomUUID() },
    token: 'any',
    ...given,
  });

describe('POST /v1/workspaces/:workspaceId/share', () => {
  test('answers 503 NOT_CONFIGURED in a solo installation, and the workspace stays as it is', async () => {
    const made = await ask(`${gateway.url}/v1/workspaces`, { method: 'POST', body: { name: 'Night' } });
    const { id } = made.body as { id: string };
    const answer = await share(id);
    expect([answer.status, codeOf(answer)]).toEqual([503, 'NOT_CONFIGURED']);
    expect((await ask(`${gateway.url}/v1/workspaces/${id}`)).body).toEqual(made.body);
  });

  test('is for this machine’s user alone', async () => {
    const answer = await share(randomUUID(), { headers: fromOutside });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
  });
});
