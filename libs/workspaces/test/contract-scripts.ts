import { createHash } from 'node:crypto';
import { scriptRoutes, type Script } from '@guildhall/contracts';
import { bindCursor } from '@guildhall/http';
import { describe, expect, test } from 'vitest';
import { gone, noSuch, problem, scriptUrl, sortKey, stale, saveBy, writeBy, type Contract } from './contract-server.ts';

/** The contract suite of scripts and their versions, run on every store. */
export const scriptsContract = (the: () => Contract): void => {
  describe('scripts', () => {
    test('are created with their first version, whatever the text', async () => {
      const { id: workspaceId } = await the().newWorkspace();
      const content = 'echo "grüße 🦉"\n\t\'; DROP TABLE scripts; --\u0001';
      const created = await the().send('POST', `/v1/workspaces/${workspaceId}/scripts`, {
        body: { name: 'a', language: 'shell', content },
      });
      const body = created.body as Script;
      expect(created).toEqual({
        status: 201,
        etag: '"1"',
        body: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          workspaceId,
          name: 'a',
          language: 'shell',
          description: '',
          tags: [],
          content,
          sizeBytes: Buffer.byteLength(content),
          sha256: createHash('sha256').update(content).digest('hex'),
          createdBy: the().under.userId,
          createdByName: the().under.displayName,
          version: 1,
          createdAt: expect.any(String),
          updatedAt: body.createdAt,
        },
      });
      expect(await the().send('GET', scriptUrl(body))).toEqual({ status: 200, etag: '"1"', body });
    });

    test('keep every saved version, newest first', async () => {
      const { id: workspaceId } = await the().newWorkspace();
      const first = await the().newScript(workspaceId, 'one');
      const second = await the().send('PATCH', scriptUrl(first), { body: { content: 'two' }, ifMatch: 1 });
      const third = await the().send('PATCH', scriptUrl(first), { body: { name: 'c', language: 'sql' }, ifMatch: 2 });
      const saved = [first, second.body as Script, third.body as Script];
      expect(saved.map(({ name: text, language, content, version }) => [text, language, content, version])).toEqual([
        ['backup.sh', 'shell', 'one', 1],
        ['backup.sh', 'shell', 'two', 2],
        ['c', 'sql', 'two', 3],
      ]);
      const heads = saved.map(({ version, name: text, language, sizeBytes, sha256, createdBy, createdByName, updatedAt }) => ({
        version,
        name: text,
        language,
        note: '',
        restoredFrom: null,
        sizeBytes,
        sha256,
        createdBy,
        createdByName,
        createdAt: updatedAt,
      }));
      const url = `${scriptUrl(first)}/versions`;
      const page = (await the().send('GET', `${url}?limit=2`)).body as { items: unknown; nextCursor: string };
      expect(page).toEqual({ items: [heads[2], heads[1]], nextCursor: expect.any(String) });
      expect((await the().send('GET', `${url}?limit=2&cursor=${page.nextCursor}`)).body).toEqual({
        items: [heads[0]],
        nextCursor: null,
      });
      expect(await the().send('GET', `${url}/1`)).toEqual({
        status: 200,
        etag: undefined,
        body: { ...heads[0], content: 'one' },
      });
      expect(await the().send('GET', `${url}/4`)).toEqual(noSuch('version'));
    });

    test('let exactly one of ten changes of one version through, and keep one version of it', async () => {
      const script = await the().newScript((await the().newWorkspace()).id);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => the().send('PATCH', scriptUrl(script), { body: { content: `${n}` }, ifMatch: 1 })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toEqual(Array.from({ length: 9 }, () => stale(2)));
      const versions = (await the().send('GET', `${scriptUrl(script)}/versions`)).body as { items: { version: number }[] };
      expect(versions.items.map(({ version }) => version)).toEqual([2, 1]);
    });

    test('are neither saved nor deleted over a version that is no more', async () => {
      const { store, userId } = the().under;
      const script = await the().newScript((await the().newWorkspace()).id);
      const late = { ...script, content: 'late', version: 3 };
      expect(await store.scripts.save(late, saveBy(userId, 'script:update'))).toBe(false);
      expect(await store.scripts.delete(late, writeBy(userId, 'script:delete'))).toBe(false);
      expect((await the().send('GET', scriptUrl(script))).body).toEqual(script);
    });

    test('are hidden when deleted', async () => {
      const script = await the().newScript((await the().newWorkspace()).id);
      expect(await the().send('DELETE', scriptUrl(script), { ifMatch: 2 })).toEqual(stale(1));
      expect(await the().send('DELETE', scriptUrl(script), { ifMatch: 1 })).toEqual(gone);
      expect(await the().send('GET', scriptUrl(script))).toEqual(noSuch('script'));
      expect(await the().send('DELETE', scriptUrl(script), { ifMatch: 2 })).toEqual(noSuch('script'));
      expect(await the().send('GET', `${scriptUrl(script)}/versions`)).toEqual(noSuch('script'));
      expect((await the().send('GET', `/v1/workspaces/${script.workspaceId}/scripts`)).body).toEqual({
        items: [],
        nextCursor: null,
      });
    });

    test('are not found in another workspace', async () => {
      const script = await the().newScript((await the().newWorkspace()).id);
      const url = scriptUrl({ ...script, workspaceId: (await the().newWorkspace()).id });
      expect(await the().send('GET', url)).toEqual(noSuch('script'));
      expect(await the().send('PATCH', url, { body: { name: 'x' }, ifMatch: 1 })).toEqual(noSuch('script'));
      expect(await the().send('DELETE', url, { ifMatch: 1 })).toEqual(noSuch('script'));
      expect(await the().send('GET', `${url}/versions`)).toEqual(noSuch('script'));
      expect(await the().send('GET', `${url}/versions/1`)).toEqual(noSuch('version'));
    });

    test('have no version beyond what a version can be', async () => {
      const url = scriptUrl(await the().newScript((await the().newWorkspace()).id));
      expect(await the().send('GET', `${url}/versions/${Number.MAX_SAFE_INTEGER}`)).toEqual(noSuch('version'));
      for (const version of ['0', '9007199254740993', '99999999999999999999'])
        expect((await the().send('GET', `${url}/versions/${version}`)).status).toBe(400);
    });

    test('are listed newest first without their texts, page by page', async () => {
      const { id } = await the().newWorkspace();
      const made = [await the().newScript(id), await the().newScript(id), await the().newScript(id)];
      const summaries = made
        .toSorted((one, other) => (sortKey(one) < sortKey(other) ? 1 : -1))
        .map(({ content: _content, ...summary }) => summary);
      const url = `/v1/workspaces/${id}/scripts`;
      const first = (await the().send('GET', `${url}?limit=2`)).body as { items: unknown; nextCursor: string };
      expect(first).toEqual({ items: summaries.slice(0, 2), nextCursor: expect.any(String) });
      await the().newScript(id);
      expect((await the().send('GET', `${url}?limit=2&cursor=${first.nextCursor}`)).body).toEqual({
        items: summaries.slice(2),
        nextCursor: null,
      });
    });

    test('refuse a cursor that no list gave out', async () => {
      const { id } = await the().newWorkspace();
      const position = Buffer.from(JSON.stringify(['yesterday', 'x'])).toString('base64url');
      const cursor = bindCursor(scriptRoutes.listScripts, { params: { workspaceId: id }, query: {} }, position);
      expect(await the().send('GET', `/v1/workspaces/${id}/scripts?cursor=${cursor}`)).toEqual({
        ...problem(400, 'INVALID', 'The cursor was not issued by this list with these filters.'),
        body: {
          ...problem(400, 'INVALID', 'The cursor was not issued by this list with these filters.').body,
          errors: [{ path: '/cursor', message: 'is not a cursor of this list with these filters' }],
        },
      });
    });

    test('refuse half of a surrogate pair, which no database would give back', async () => {
      const { id } = await the().newWorkspace();
      const body = { name: 'a', language: 'shell', content: 'x\ud800' };
      const answer = await the().send('POST', `/v1/workspaces/${id}/scripts`, { body });
      expect(answer.status).toBe(400);
    });
  });
};
