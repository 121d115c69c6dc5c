import { randomUUID } from 'node:crypto';
import type { Workspace } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { gone, noSuch, scriptUrl, sortKey, stale, type Contract } from './contract-server.ts';

/** The contract suite of workspaces, run on every store. */
export const workspacesContract = (the: () => Contract): void => {
  describe('workspaces', () => {
    test('are created with version 1 and read back as they were answered', async () => {
      const created = await the().send('POST', the().home, { body: { name: 'Night jobs', description: 'What runs\nat night' } });
      const body = created.body as Workspace;
      expect(created).toEqual({
        status: 201,
        etag: '"1"',
        body: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          mode: the().under.communityId === null ? 'solo' : 'shared',
          communityId: the().under.communityId,
          name: 'Night jobs',
          description: 'What runs\nat night',
          createdBy: the().under.userId,
          createdByName: the().under.displayName,
          version: 1,
          createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          updatedAt: body.createdAt,
        },
      });
      expect(await the().send('GET', `/v1/workspaces/${body.id}`)).toEqual({ status: 200, etag: '"1"', body });
    });

    test('are changed field by field, one version at a time', async () => {
      const before = await the().newWorkspace();
      const changed = await the().send('PATCH', `/v1/workspaces/${before.id}`, { body: { description: 'new' }, ifMatch: 1 });
      const body = { ...before, description: 'new', version: 2, updatedAt: (changed.body as Workspace).updatedAt };
      expect(changed).toEqual({ status: 200, etag: '"2"', body });
      expect(await the().send('GET', `/v1/workspaces/${before.id}`)).toEqual(changed);
    });

    test('keep their version when a change changes nothing', async () => {
      const before = await the().newWorkspace();
      const answer = await the().send('PATCH', `/v1/workspaces/${before.id}`, { body: { name: before.name }, ifMatch: 1 });
      expect(answer).toEqual({ status: 200, etag: '"1"', body: before });
    });

    test('refuse a change of a version that is not the current one, and say which is', async () => {
      const { id } = await the().newWorkspace();
      await the().send('PATCH', `/v1/workspaces/${id}`, { body: { name: 'two' }, ifMatch: 1 });
      expect(await the().send('PATCH', `/v1/workspaces/${id}`, { body: { name: 'late' }, ifMatch: 1 })).toEqual(stale(2));
      expect(await the().send('DELETE', `/v1/workspaces/${id}`, { ifMatch: 1 })).toEqual(stale(2));
    });

    test('let exactly one of two changes of one version through', async () => {
      const { id } = await the().newWorkspace();
      const answers = await Promise.all(
        ['one', 'other'].map((text) => the().send('PATCH', `/v1/workspaces/${id}`, { body: { name: text }, ifMatch: 1 })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]));
      expect(answers.find(({ status }) => status === 412)).toEqual(stale(2));
      expect(await the().send('GET', `/v1/workspaces/${id}`)).toEqual(answers.find(({ status }) => status === 200));
    });

    test('are hidden with their scripts when deleted, and come back with them', async () => {
      const workspace = await the().newWorkspace();
      const script = await the().newScript(workspace.id);
      const url = `/v1/workspaces/${workspace.id}`;
      expect(await the().send('DELETE', url, { ifMatch: 1 })).toEqual(gone);

      expect(await the().send('GET', url)).toEqual(noSuch('workspace'));
      expect(await the().send('PATCH', url, { body: { name: 'x' }, ifMatch: 2 })).toEqual(noSuch('workspace'));
      expect(await the().send('DELETE', url, { ifMatch: 2 })).toEqual(noSuch('workspace'));
      expect(await the().send('GET', `${url}/scripts`)).toEqual(noSuch('workspace'));
      expect(await the().send('GET', scriptUrl(script))).toEqual(noSuch('script'));
      expect(await the().send('PATCH', scriptUrl(script), { body: { name: 'x' }, ifMatch: 1 })).toEqual(noSuch('script'));
      expect(await the().send('GET', `${scriptUrl(script)}/versions`)).toEqual(noSuch('script'));
      expect(await the().send('GET', `${scriptUrl(script)}/versions/1`)).toEqual(noSuch('version'));
      expect(await the().send('POST', `${url}/scripts`, { body: { name: 'x', language: 'sql', content: '' } })).toEqual(
        noSuch('workspace'),
      );

      const restored = await the().send('POST', `${url}/restore`);
      const updatedAt = (restored.body as Workspace).updatedAt;
      expect(restored).toEqual({ status: 200, etag: '"3"', body: { ...workspace, version: 3, updatedAt } });
      expect(await the().send('GET', scriptUrl(script))).toEqual({ status: 200, etag: '"1"', body: script });
      expect(await the().send('POST', `${url}/restore`)).toEqual(restored);
    });

    test('that nobody made are not found, by any operation', async () => {
      const url = `/v1/workspaces/${randomUUID()}`;
      expect(await the().send('GET', url)).toEqual(noSuch('workspace'));
      expect(await the().send('PATCH', url, { body: { name: 'x' }, ifMatch: 1 })).toEqual(noSuch('workspace'));
      expect(await the().send('DELETE', url, { ifMatch: 1 })).toEqual(noSuch('workspace'));
      expect(await the().send('POST', `${url}/restore`)).toEqual(noSuch('workspace'));
      expect(await the().send('GET', `${url}/scripts`)).toEqual(noSuch('workspace'));
    });

    test('are listed newest first, each once, however many are added meanwhile', async () => {
      const made = [await the().newWorkspace(), await the().newWorkspace(), await the().newWorkspace()];
      const pages: string[] = [];
      let after: { readonly createdAt: string; readonly id: string } | null = null;
      const ours = new Set(made.map(({ id }) => id));
      for (;;) {
        const rows: readonly Workspace[] = await the().under.store.listWorkspaces(the().under.userId, {
          page: { limit: 1, after },
          state: null,
        });
        const last = rows.at(-1);
        if (last === undefined) break;
        pages.push(...rows.map(({ id }) => id));
        after = last;
        await the().newWorkspace();
      }
      const expected = made.toSorted((one, other) => (sortKey(one) < sortKey(other) ? 1 : -1)).map(({ id }) => id);
      expect(pages.filter((id) => ours.has(id))).toEqual(expected);
      expect(new Set(pages).size).toBe(pages.length);
    });
  });
};
