import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { foldersUrl, problem, type Contract } from './contract-server.ts';

/** The contract suite of Idempotency-Keys, run on every store. */
export const keysContract = (the: () => Contract): void => {
  describe('an Idempotency-Key', () => {
    test('answers the first answer to the same request, and refuses another one', async () => {
      const { id } = await the().newWorkspace();
      const url = `/v1/workspaces/${id}/scripts`;
      const body = { name: 'a', language: 'shell', content: 'x' };
      const key = randomUUID();
      const first = await the().send('POST', url, { body, key });
      expect(await the().send('POST', url, { body, key })).toEqual(first);
      expect(await the().send('POST', url, { body: { ...body, content: 'y' }, key })).toEqual(
        problem(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request. Send a new one.'),
      );
      expect(((await the().send('GET', url)).body as { items: unknown[] }).items).toHaveLength(1);
    });

    test('creates one folder of ten requests at once, though its name can be had only once', async () => {
      const url = foldersUrl((await the().newWorkspace()).id);
      const request = { body: { name: 'NIGHT', definition: { Type: 'Folder' } }, key: randomUUID() };
      const answers = await Promise.all(Array.from({ length: 10 }, () => the().send('POST', url, request)));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]?.status).toBe(201);
      expect(((await the().send('GET', url)).body as { items: unknown[] }).items).toHaveLength(1);
    });

    test('creates one workspace of ten requests at once', async () => {
      const key = randomUUID();
      const body = { name: `Once ${key}` };
      const answers = await Promise.all(Array.from({ length: 10 }, () => the().send('POST', the().home, { body, key })));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]?.status).toBe(201);
      const listed = await the().under.store.listWorkspaces(the().under.userId, {
        page: { limit: 100, after: null },
        state: null,
      });
      expect(listed.filter(({ name: text }) => text === body.name)).toHaveLength(1);
    });
  });
};
