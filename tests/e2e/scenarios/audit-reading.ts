import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { waitFor } from '@guildhall/testkit';
import { foundTeam } from '../../support/team.ts';
import type { TestStack } from '../../support/test-stack.ts';
import { must } from '../../support/users.ts';

const getAs = (gateway: string, token: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${gateway}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });

/** Collects what comes of a stream until it ends. */
const follow = (response: Response) => {
  const seen = { text: '', isOver: false };
  const reading = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) seen.text += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  void reading()
    .catch(() => undefined)
    .finally(() => void (seen.isOver = true));
  return seen;
};

/** The audit trail of a community, as its members read it. Stops the stack at its end. */
export const testAuditReading = (stackOf: () => TestStack): void => {
  test('through the gateway a community follows its audit trail live, goes on where it was, and takes it along', async () => {
    const { http, stack } = stackOf();
    const { gateway } = stack.urls;
    const { founder, communityId, workspaceId } = await foundTeam(http, stack.mailFolder, 'Ida');
    const { token } = founder;
    const trail = `/v1/communities/${communityId}/audit`;
    const rename = async (name: string, version: number): Promise<void> =>
      void (await must(http, 200, 'PATCH', `/v1/workspaces/${workspaceId}`, { token, body: { name }, ifMatch: `"${version}"` }));

    const response = await getAs(gateway, token, `${trail}/stream?action=workspace.*`, { 'last-event-id': '0' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const live = follow(response);
    await waitFor(() => live.text.includes('"action":"workspace.create"'), { what: 'what was before', timeoutMs: 15_000 });
    await rename('Renamed while somebody listens', 1);
    await waitFor(() => live.text.includes('"action":"workspace.update"'), { what: 'what is new', timeoutMs: 15_000 });

    const ids = [...live.text.matchAll(/^id: (\d+)\nevent: audit$/gm)].map(([, id]) => Number(id));
    const again = follow(await getAs(gateway, token, `${trail}/stream?action=workspace.*`, { 'last-event-id': String(ids[0]) }));
    await waitFor(() => again.text.includes('"action":"workspace.update"'), { what: 'the rest', timeoutMs: 15_000 });
    expect(again.text).not.toContain('"action":"workspace.create"');

    const exported = await (await getAs(gateway, token, `${trail}/export?format=ndjson&action=workspace.*`)).text();
    const lines = exported
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.flatMap(({ leafIndex }) => leafIndex ?? [])).toEqual(ids);
    expect(lines.at(-1)).toEqual({ isComplete: true, size: lines[0]?.['size'] });
    const counted = `${trail}/counts?by=action&action=workspace.*&from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z`;
    expect(await (await getAs(gateway, token, counted)).json()).toEqual({ by: 'action', items: [] });

    await stack.close();
    await waitFor(() => live.isOver && again.isOver, { what: 'the streams to end with the gateway' });
    // It ended them, and was not cut because of them.
    expect(readFileSync(join(stack.logFolder, 'gateway.log'), 'utf8')).not.toContain('stopping took too long');
  });
};
