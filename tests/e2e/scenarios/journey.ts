import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { runJourney } from '../../../tools/demo/journey.ts';
import { foundTeam } from '../../support/team.ts';
import type { TestStack } from '../../support/test-stack.ts';
import { must } from '../../support/users.ts';

/** The main job of a team, from the first account on: on a stack that has no owner yet. */
export const testJourney = (stackOf: () => TestStack): void => {
  test('the main job: from the first account to every change in the audit log', async () => {
    const said: string[] = [];
    const terminal = {
      step: (title: string) => void said.push(title),
      exchange: () => {},
      ok: () => {},
      failed: () => {},
      say: () => {},
    };
    const { http, stack } = stackOf();
    const { mailFolder, setupToken } = stack;
    expect(setupToken).toMatch(/^\S{20,}$/);
    await runJourney({ http, terminal, mailFolder, setupToken: setupToken ?? '' });
    expect(said.at(-1)).toBe('Every one of these is in the audit log');
  });

  test('a Control-M folder of a shared workspace: made, edited, refused when stale, read and deleted', async () => {
    const { http, stack } = stackOf();
    const { founder, workspaceId } = await foundTeam(http, stack.mailFolder, 'Cleo');
    const { token } = founder;
    const folders = `/v1/workspaces/${workspaceId}/control-m/folders`;
    const definition = { Type: 'Folder', Count: { Type: 'Job:Command', Command: 'wc -l orders.csv', RunAs: 'batch' } };
    const folder = await must(http, 201, 'POST', folders, { token, body: { name: 'ORDERS', definition } });
    const path = `${folders}/${String(folder['id'])}`;
    expect(folder).toMatchObject({ workspaceId, name: 'ORDERS', jobCount: 1, version: 1, definition });

    const changed = { ...definition, Send: { Type: 'Job:Script', FileName: 'send.sh' } };
    const saved = await must(http, 200, 'PATCH', path, { token, body: { definition: changed }, ifMatch: '"1"' });
    const text = JSON.stringify(changed);
    expect(saved).toEqual({
      ...folder,
      definition: changed,
      sizeBytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
      jobCount: 2,
      version: 2,
      updatedAt: saved['updatedAt'],
    });
    const stale = await must(http, 412, 'PATCH', path, { token, body: { name: 'LATE' }, ifMatch: '"1"' });
    expect(stale['code']).toBe('VERSION_MISMATCH');
    expect(await must(http, 200, 'GET', path, { token })).toEqual(saved);
    await must(http, 204, 'DELETE', path, { token, ifMatch: '"2"' });
    await must(http, 404, 'GET', path, { token });
    expect(await must(http, 200, 'GET', folders, { token })).toEqual({ items: [], nextCursor: null });
  });
};
