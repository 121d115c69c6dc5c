import { createHash, randomUUID } from 'node:crypto';
import type { Script, Workspace } from '@guildhall/contracts';
import { createHttpServer, createLog, createMetrics } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedEndpoints, soloEndpoints, type WorkspaceStore } from '../src/index.ts';

/** A store as the contract takes it: somewhere to create in, and someone who owns that. */
export interface StoreUnderTest {
  readonly store: WorkspaceStore;
  readonly userId: string;
  /** Null for a solo store. */
  readonly communityId: string | null;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: unknown;
}

type Send = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  options?: { readonly body?: object; readonly ifMatch?: number; readonly key?: string },
) => Promise<Reply>;

const serverOver = ({ store, userId, communityId }: StoreUnderTest): FastifyInstance => {
  const app = createHttpServer({
    log: createLog({ service: 'contract', level: 'silent' }),
    metrics: createMetrics('contract'),
    readiness: () => ({ isReady: true }),
  });
  const parts = {
    store,
    newId: randomUUID,
    now: () => new Date(),
    sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
    service: 'contract',
  };
  const caller = { userId, displayName: 'Ada', actor: { type: 'user', id: userId } } as const;
  const endpoints = communityId === null ? soloEndpoints(parts) : sharedEndpoints(parts);
  for (const endpoint of endpoints) endpoint.register(app, { access: 'public', callerOf: () => caller });
  return app;
};

const senderOn =
  (app: FastifyInstance): Send =>
  async (method, url, { body, ifMatch, key } = {}) => {
    const reply = await app.inject({
      method,
      url,
      headers: {
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const etag = reply.headers['etag'];
    return {
      status: reply.statusCode,
      etag: typeof etag === 'string' ? etag : undefined,
      body: reply.body === '' ? undefined : (JSON.parse(reply.body) as unknown),
    };
  };

const problem = (status: number, code: string, detail: string) => ({
  status,
  etag: undefined,
  body: { type: 'about:blank', title: expect.any(String), status, code, detail, requestId: expect.any(String) },
});
const gone = { status: 204, etag: undefined, body: undefined };
const stale = (current: number) =>
  problem(412, 'VERSION_MISMATCH', `The current version is ${current}. Read it again and repeat your change on it.`);
const scriptUrl = ({ workspaceId, id }: Script): string => `/v1/workspaces/${workspaceId}/scripts/${id}`;
const noSuch = (noun: string) => problem(404, 'NOT_FOUND', `There is no such ${noun}.`);

/**
 * What every store of workspaces keeps, seen through the operations that both processes serve. Run it over a fresh
 * store: `workspaceStoreContract('SQLite', async () => …)`.
 */
export const workspaceStoreContract = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describe(`${name}: a store of workspaces`, () => {
    let under: StoreUnderTest;
    let app: FastifyInstance;
    let send: Send;
    let home: string;

    beforeAll(async () => {
      under = await make();
      app = serverOver(under);
      send = senderOn(app);
      home = under.communityId === null ? '/v1/workspaces' : `/v1/communities/${under.communityId}/workspaces`;
    });
    afterAll(async () => {
      await app.close();
      await under.close();
    });

    const newWorkspace = async (): Promise<Workspace> =>
      (await send('POST', home, { body: { name: `Night jobs ${randomUUID()}` } })).body as Workspace;
    const newScript = async (workspaceId: string, content = 'echo 1'): Promise<Script> =>
      (await send('POST', `/v1/workspaces/${workspaceId}/scripts`, { body: { name: 'backup.sh', language: 'shell', content } }))
        .body as Script;

    describe('workspaces', () => {
      test('are created with version 1 and read back as they were answered', async () => {
        const created = await send('POST', home, { body: { name: 'Night jobs', description: 'What runs\nat night' } });
        const body = created.body as Workspace;
        expect(created).toEqual({
          status: 201,
          etag: '"1"',
          body: {
            id: expect.stringMatching(/^[0-9a-f-]{36}$/),
            mode: under.communityId === null ? 'solo' : 'shared',
            communityId: under.communityId,
            name: 'Night jobs',
            description: 'What runs\nat night',
            createdBy: under.userId,
            version: 1,
            createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
            updatedAt: body.createdAt,
          },
        });
        expect(await send('GET', `/v1/workspaces/${body.id}`)).toEqual({ status: 200, etag: '"1"', body });
      });

      test('are changed field by field, one version at a time', async () => {
        const before = await newWorkspace();
        const changed = await send('PATCH', `/v1/workspaces/${before.id}`, { body: { description: 'new' }, ifMatch: 1 });
        const body = { ...before, description: 'new', version: 2, updatedAt: (changed.body as Workspace).updatedAt };
        expect(changed).toEqual({ status: 200, etag: '"2"', body });
        expect(await send('GET', `/v1/workspaces/${before.id}`)).toEqual(changed);
      });

      test('keep their version when a change changes nothing', async () => {
        const before = await newWorkspace();
        const answer = await send('PATCH', `/v1/workspaces/${before.id}`, { body: { name: before.name }, ifMatch: 1 });
        expect(answer).toEqual({ status: 200, etag: '"1"', body: before });
      });

      test('refuse a change of a version that is not the current one, and say which is', async () => {
        const { id } = await newWorkspace();
        await send('PATCH', `/v1/workspaces/${id}`, { body: { name: 'two' }, ifMatch: 1 });
        expect(await send('PATCH', `/v1/workspaces/${id}`, { body: { name: 'late' }, ifMatch: 1 })).toEqual(stale(2));
        expect(await send('DELETE', `/v1/workspaces/${id}`, { ifMatch: 1 })).toEqual(stale(2));
      });

      test('let exactly one of two changes of one version through', async () => {
        const { id } = await newWorkspace();
        const answers = await Promise.all(
          ['one', 'other'].map((text) => send('PATCH', `/v1/workspaces/${id}`, { body: { name: text }, ifMatch: 1 })),
        );
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]));
        expect(answers.find(({ status }) => status === 412)).toEqual(stale(2));
        expect(await send('GET', `/v1/workspaces/${id}`)).toEqual(answers.find(({ status }) => status === 200));
      });

      test('are hidden with their scripts when deleted, and come back with them', async () => {
        const workspace = await newWorkspace();
        const script = await newScript(workspace.id);
        const url = `/v1/workspaces/${workspace.id}`;
        expect(await send('DELETE', url, { ifMatch: 1 })).toEqual(gone);

        expect(await send('GET', url)).toEqual(noSuch('workspace'));
        expect(await send('PATCH', url, { body: { name: 'x' }, ifMatch: 2 })).toEqual(noSuch('workspace'));
        expect(await send('DELETE', url, { ifMatch: 2 })).toEqual(noSuch('workspace'));
        expect(await send('GET', `${url}/scripts`)).toEqual(noSuch('workspace'));
        expect(await send('GET', scriptUrl(script))).toEqual(noSuch('script'));
        expect(await send('PATCH', scriptUrl(script), { body: { name: 'x' }, ifMatch: 1 })).toEqual(noSuch('script'));
        expect(await send('GET', `${scriptUrl(script)}/versions`)).toEqual(noSuch('script'));
        expect(await send('GET', `${scriptUrl(script)}/versions/1`)).toEqual(noSuch('version'));
        expect(await send('POST', `${url}/scripts`, { body: { name: 'x', language: 'sql', content: '' } })).toEqual(
          noSuch('workspace'),
        );

        const restored = await send('POST', `${url}/restore`);
        const updatedAt = (restored.body as Workspace).updatedAt;
        expect(restored).toEqual({ status: 200, etag: '"3"', body: { ...workspace, version: 3, updatedAt } });
        expect(await send('GET', scriptUrl(script))).toEqual({ status: 200, etag: '"1"', body: script });
        expect(await send('POST', `${url}/restore`)).toEqual(restored);
      });

      test('that nobody made are not found, by any operation', async () => {
        const url = `/v1/workspaces/${randomUUID()}`;
        expect(await send('GET', url)).toEqual(noSuch('workspace'));
        expect(await send('PATCH', url, { body: { name: 'x' }, ifMatch: 1 })).toEqual(noSuch('workspace'));
        expect(await send('DELETE', url, { ifMatch: 1 })).toEqual(noSuch('workspace'));
        expect(await send('POST', `${url}/restore`)).toEqual(noSuch('workspace'));
        expect(await send('GET', `${url}/scripts`)).toEqual(noSuch('workspace'));
      });

      test('are listed newest first, each once, however many are added meanwhile', async () => {
        const made = [await newWorkspace(), await newWorkspace(), await newWorkspace()];
        const pages: string[] = [];
        let after: { readonly createdAt: string; readonly id: string } | null = null;
        const ours = new Set(made.map(({ id }) => id));
        for (;;) {
          const rows: readonly Workspace[] = await under.store.listWorkspaces(under.userId, { limit: 1, after });
          const last = rows.at(-1);
          if (last === undefined) break;
          pages.push(...rows.map(({ id }) => id));
          after = last;
          await newWorkspace();
        }
        const expected = made.toSorted((one, other) => (sortKey(one) < sortKey(other) ? 1 : -1)).map(({ id }) => id);
        expect(pages.filter((id) => ours.has(id))).toEqual(expected);
        expect(new Set(pages).size).toBe(pages.length);
      });
    });

    describe('scripts', () => {
      test('are created with their first version, whatever the text', async () => {
        const { id: workspaceId } = await newWorkspace();
        const content = 'echo "grüße 🦉"\n\t\'; DROP TABLE scripts; --\u0001';
        const created = await send('POST', `/v1/workspaces/${workspaceId}/scripts`, {
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
            content,
            createdBy: under.userId,
            version: 1,
            createdAt: expect.any(String),
            updatedAt: body.createdAt,
          },
        });
        expect(await send('GET', scriptUrl(body))).toEqual({ status: 200, etag: '"1"', body });
      });

      test('keep every saved version, newest first', async () => {
        const { id: workspaceId } = await newWorkspace();
        const first = await newScript(workspaceId, 'one');
        const second = await send('PATCH', scriptUrl(first), { body: { content: 'two' }, ifMatch: 1 });
        const third = await send('PATCH', scriptUrl(first), { body: { name: 'c', language: 'sql' }, ifMatch: 2 });
        const saved = [first, second.body as Script, third.body as Script];
        expect(saved.map(({ name: text, language, content, version }) => [text, language, content, version])).toEqual([
          ['backup.sh', 'shell', 'one', 1],
          ['backup.sh', 'shell', 'two', 2],
          ['c', 'sql', 'two', 3],
        ]);
        const heads = saved.map(({ version, name: text, language, createdBy, updatedAt }) => ({
          version,
          name: text,
          language,
          createdBy,
          createdAt: updatedAt,
        }));
        const url = `${scriptUrl(first)}/versions`;
        const page = (await send('GET', `${url}?limit=2`)).body as { items: unknown; nextCursor: string };
        expect(page).toEqual({ items: [heads[2], heads[1]], nextCursor: expect.any(String) });
        expect((await send('GET', `${url}?limit=2&cursor=${page.nextCursor}`)).body).toEqual({
          items: [heads[0]],
          nextCursor: null,
        });
        expect(await send('GET', `${url}/1`)).toEqual({ status: 200, etag: undefined, body: { ...heads[0], content: 'one' } });
        expect(await send('GET', `${url}/4`)).toEqual(noSuch('version'));
      });

      test('let exactly one of ten changes of one version through, and keep one version of it', async () => {
        const script = await newScript((await newWorkspace()).id);
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, n) => send('PATCH', scriptUrl(script), { body: { content: `${n}` }, ifMatch: 1 })),
        );
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
        expect(answers.filter(({ status }) => status === 412)).toEqual(Array.from({ length: 9 }, () => stale(2)));
        const versions = (await send('GET', `${scriptUrl(script)}/versions`)).body as { items: { version: number }[] };
        expect(versions.items.map(({ version }) => version)).toEqual([2, 1]);
      });

      test('are hidden when deleted', async () => {
        const script = await newScript((await newWorkspace()).id);
        expect(await send('DELETE', scriptUrl(script), { ifMatch: 2 })).toEqual(stale(1));
        expect(await send('DELETE', scriptUrl(script), { ifMatch: 1 })).toEqual(gone);
        expect(await send('GET', scriptUrl(script))).toEqual(noSuch('script'));
        expect(await send('DELETE', scriptUrl(script), { ifMatch: 2 })).toEqual(noSuch('script'));
        expect(await send('GET', `${scriptUrl(script)}/versions`)).toEqual(noSuch('script'));
        expect((await send('GET', `/v1/workspaces/${script.workspaceId}/scripts`)).body).toEqual({ items: [], nextCursor: null });
      });

      test('are not found in another workspace', async () => {
        const script = await newScript((await newWorkspace()).id);
        const url = scriptUrl({ ...script, workspaceId: (await newWorkspace()).id });
        expect(await send('GET', url)).toEqual(noSuch('script'));
        expect(await send('PATCH', url, { body: { name: 'x' }, ifMatch: 1 })).toEqual(noSuch('script'));
        expect(await send('DELETE', url, { ifMatch: 1 })).toEqual(noSuch('script'));
        expect(await send('GET', `${url}/versions`)).toEqual(noSuch('script'));
        expect(await send('GET', `${url}/versions/1`)).toEqual(noSuch('version'));
      });

      test('are listed newest first without their texts, page by page', async () => {
        const { id } = await newWorkspace();
        const made = [await newScript(id), await newScript(id), await newScript(id)];
        const summaries = made
          .toSorted((one, other) => (sortKey(one) < sortKey(other) ? 1 : -1))
          .map(({ content: _content, ...summary }) => summary);
        const url = `/v1/workspaces/${id}/scripts`;
        const first = (await send('GET', `${url}?limit=2`)).body as { items: unknown; nextCursor: string };
        expect(first).toEqual({ items: summaries.slice(0, 2), nextCursor: expect.any(String) });
        await newScript(id);
        expect((await send('GET', `${url}?limit=2&cursor=${first.nextCursor}`)).body).toEqual({
          items: summaries.slice(2),
          nextCursor: null,
        });
      });

      test('refuse a cursor that no list gave out', async () => {
        const { id } = await newWorkspace();
        const cursor = Buffer.from(JSON.stringify(['yesterday', 'x'])).toString('base64url');
        expect(await send('GET', `/v1/workspaces/${id}/scripts?cursor=${cursor}`)).toEqual({
          ...problem(400, 'INVALID', 'The cursor is not one that this list gave out.'),
          body: {
            ...problem(400, 'INVALID', 'The cursor is not one that this list gave out.').body,
            errors: [{ path: '/cursor', message: 'is not a cursor of this list' }],
          },
        });
      });

      test('refuse half of a surrogate pair, which no database would give back', async () => {
        const { id } = await newWorkspace();
        const body = { name: 'a', language: 'shell', content: 'x\ud800' };
        const answer = await send('POST', `/v1/workspaces/${id}/scripts`, { body });
        expect(answer.status).toBe(400);
      });
    });

    describe('an Idempotency-Key', () => {
      test('answers the first answer to the same request, and refuses another one', async () => {
        const { id } = await newWorkspace();
        const url = `/v1/workspaces/${id}/scripts`;
        const body = { name: 'a', language: 'shell', content: 'x' };
        const key = randomUUID();
        const first = await send('POST', url, { body, key });
        expect(await send('POST', url, { body, key })).toEqual(first);
        expect(await send('POST', url, { body: { ...body, content: 'y' }, key })).toEqual(
          problem(422, 'UNPROCESSABLE', 'This Idempotency-Key was used for another request. Send a new one.'),
        );
        expect(((await send('GET', url)).body as { items: unknown[] }).items).toHaveLength(1);
      });

      test('creates one workspace of ten requests at once', async () => {
        const key = randomUUID();
        const body = { name: `Once ${key}` };
        const answers = await Promise.all(Array.from({ length: 10 }, () => send('POST', home, { body, key })));
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        expect(answers[0]?.status).toBe(201);
        const listed = await under.store.listWorkspaces(under.userId, { limit: 100, after: null });
        expect(listed.filter(({ name: text }) => text === body.name)).toHaveLength(1);
      });
    });
  });
};

const sortKey = ({ createdAt, id }: { readonly createdAt: string; readonly id: string }): string => `${createdAt} ${id}`;
