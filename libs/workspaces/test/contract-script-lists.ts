import { createHash, randomUUID } from 'node:crypto';
import { bytesPerSearchPageMax, scriptContentCharactersMax, scriptsPerSearchPageMax, type Script } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { saveBy, scriptUrl, type Contract } from './contract-server.ts';

interface Page {
  readonly items: readonly (Omit<Script, 'content'> & { readonly content?: string })[];
  readonly nextCursor: string | null;
}

/** The contract suite of lists of scripts, run on every store. */
export const scriptListsContract = (the: () => Contract): void => {
  const newHome = async () => `/v1/workspaces/${(await the().newWorkspace()).id}/scripts`;
  const save = async (url: string, body: object): Promise<Script> => {
    const made = await the().send('POST', url, { body: { language: 'shell', content: '', ...body } });
    expect(made.status).toBe(201);
    return made.body as Script;
  };
  const list = async (url: string, query = ''): Promise<Page> => {
    const { status, body } = await the().send('GET', `${url}?${query}`);
    expect(status).toBe(200);
    return body as Page;
  };
  const namesOf = async (url: string, query = '') => (await list(url, query)).items.map(({ name }) => name);
  /** The names of all pages, and how many pages there are. */
  const readAll = async (url: string, query: string): Promise<readonly [names: readonly string[], pages: number]> => {
    const names: string[] = [];
    let cursor = '';
    for (let pages = 1; ; pages += 1) {
      const page = await list(url, `${query}${cursor}`);
      names.push(...page.items.map(({ name }) => name));
      if (page.nextCursor === null) return [names, pages];
      cursor = `&cursor=${page.nextCursor}`;
    }
  };

  describe('lists of scripts', () => {
    test('show description and tags, which are changed like every field and are no part of a version', async () => {
      const url = await newHome();
      const tags = ['orders', 'Nacht 🦉'];
      const made = await save(url, { name: 'a', content: 'one', description: 'Loads\norders', tags });
      expect(made).toMatchObject({ description: 'Loads\norders', tags });
      const { content: _content, ...summary } = made;
      expect((await list(url)).items).toEqual([summary]);

      const edit = { tags: ['late'], description: '' };
      const edited = await the().send('PATCH', scriptUrl(made), { body: { ...edit, content: 'two' }, ifMatch: 1 });
      expect(edited.body).toMatchObject({ ...edit, version: 2 });
      const restored = await the().send('POST', `${scriptUrl(made)}/versions/1/restore`, { ifMatch: 2 });
      expect(restored.body).toMatchObject({ ...edit, content: 'one', version: 3 });
      expect((await the().send('GET', scriptUrl(made))).body).toEqual(restored.body);
    });

    test('refuse tags that are the same, too many or not seen', async () => {
      const url = await newHome();
      const many = Array.from({ length: 21 }, (_, n) => `tag ${n}`);
      for (const tags of [['a', 'a'], many, [''], ['x'.repeat(51)], ['a\nb']])
        expect((await the().send('POST', url, { body: { name: 'a', language: 'sql', content: '', tags } })).status).toBe(400);
    });

    test('hold what every filter lets pass', async () => {
      const url = await newHome();
      const one = await save(url, { name: 'one', language: 'sql', tags: ['night', 'orders'] });
      await save(url, { name: 'two', tags: ['night'] });
      await save(url, { name: 'three', tags: ['nightly', '%'] });
      expect(await namesOf(url, 'language=sql')).toEqual(['one']);
      expect((await namesOf(url, 'tag=night')).toSorted()).toEqual(['one', 'two']);
      expect(await namesOf(url, 'tag=%25')).toEqual(['three']);
      expect(await namesOf(url, 'tag=night&language=shell')).toEqual(['two']);
      expect(await namesOf(url, 'tag=none')).toEqual([]);

      const changed = (await the().send('PATCH', scriptUrl(one), { body: { content: 'x' }, ifMatch: 1 })).body as Script;
      const since = new Date(Date.parse(changed.updatedAt) + 1).toISOString();
      expect(await namesOf(url, `changedSince=${since}`)).toEqual([]);
      expect(await namesOf(url, `changedSince=${changed.updatedAt}`)).toContain('one');
      const inParis = `${new Date(Date.parse(changed.updatedAt) + 7_200_000).toISOString().slice(0, -1)}%2B02:00`;
      expect(await namesOf(url, `changedSince=${inParis}`)).toEqual(await namesOf(url, `changedSince=${changed.updatedAt}`));
      expect((await the().send('GET', `${url}?changedSince=2016-12-31T23:59:60Z`)).status).toBe(400);

      expect((await namesOf(url, `changedBy=${encodeURIComponent(the().under.userId)}`)).toSorted()).toEqual([
        'one',
        'three',
        'two',
      ]);
      expect(await namesOf(url, 'changedBy=nobody')).toEqual([]);
    });

    test('run by name and by the last change, page by page', async () => {
      const url = await newHome();
      const made: Script[] = [];
      for (const name of ['b', 'A', 'c', 'B', 'a']) made.push(await save(url, { name }));
      const byName = made.toSorted(
        (one, other) => one.name.toLowerCase().localeCompare(other.name.toLowerCase()) || (one.id < other.id ? -1 : 1),
      );
      expect(await readAll(url, 'sort=name&limit=2')).toEqual([byName.map(({ name }) => name), 3]);

      const third = made[2] as Script;
      const later = new Date(Date.parse((made[4] as Script).updatedAt) + 60_000).toISOString();
      const next = { ...third, version: 2, updatedAt: later };
      expect(await the().under.store.scripts.save(next, saveBy(the().under.userId, 'script:update'))).toBe(true);
      const byChange = [next, ...made.filter(({ id }) => id !== third.id)].toSorted((one, other) =>
        `${one.updatedAt} ${one.id}` < `${other.updatedAt} ${other.id}` ? 1 : -1,
      );
      expect(await readAll(url, 'sort=changed&limit=2')).toEqual([byChange.map(({ name }) => name), 3]);
      expect((await namesOf(url, 'sort=changed'))[0]).toBe('c');
    });

    test('find a text in name and text, in any case, and nothing else', async () => {
      const url = await newHome();
      await save(url, { name: 'Load-Orders.sh', content: 'x' });
      await save(url, { name: 'b', content: `${'-'.repeat(200_000)}exec load-ORDERS` });
      await save(url, { name: 'c', content: 'grüße', description: 'load-orders', tags: ['load-orders'] });
      await save(url, { name: 'd', content: '100 %' });
      expect((await namesOf(url, 'q=LOAD-orders')).toSorted()).toEqual(['Load-Orders.sh', 'b']);
      expect(await namesOf(url, `q=${encodeURIComponent('grüße')}`)).toEqual(['c']);
      expect(await namesOf(url, 'q=%25')).toEqual(['d']);
      expect(await namesOf(url, 'q=_')).toEqual([]);
      expect(await namesOf(url, 'q=load&language=sql')).toEqual([]);
      expect(await readAll(url, 'q=load-orders&limit=1&sort=name')).toEqual([['b', 'Load-Orders.sh'], 2]);
    });

    test('find deleted scripts apart', async () => {
      const url = await newHome();
      const made = await save(url, { name: 'one', content: 'needle' });
      await the().send('DELETE', scriptUrl(made), { ifMatch: 1 });
      expect(await namesOf(url, 'q=needle')).toEqual([]);
      expect(await namesOf(url, 'q=needle&state=deleted')).toEqual(['one']);
    });

    test('read of a search no more texts than its bound, and go on behind it', async () => {
      const url = await newHome();
      const content = '🦉'.repeat(scriptContentCharactersMax / 2);
      const [sizeBytes, sha256] = [Buffer.byteLength(content), createHash('sha256').update(content).digest('hex')];
      const perPage = Math.floor(bytesPerSearchPageMax / sizeBytes);
      const needle = await save(url, { name: 'needle' });
      const { store, userId } = the().under;
      for (let n = 0; n <= perPage; n += 1) {
        const script = { ...needle, id: randomUUID(), name: `large ${n}`, content, sizeBytes, sha256 };
        expect(await store.scripts.insert(script, saveBy(userId, 'script:create'), null)).toBe(true);
      }
      const first = await list(url, 'q=needle&sort=name');
      expect(first).toEqual({ items: [], nextCursor: expect.any(String) });
      const second = await list(url, `q=needle&sort=name&cursor=${first.nextCursor}`);
      expect([second.items.map(({ name }) => name), second.nextCursor]).toEqual([['needle'], null]);
    });

    test('read of a search no more scripts than its bound, and go on behind it', async () => {
      const url = await newHome();
      const needle = await save(url, { name: 'needle' });
      const { store, userId } = the().under;
      for (let n = 0; n < scriptsPerSearchPageMax; n += 1) {
        const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`.replace('00000000', needle.id.slice(0, 8));
        const script = { ...needle, id, name: `script ${n}`, createdAt: new Date(Date.now() + 60_000 + n).toISOString() };
        expect(await store.scripts.insert(script, saveBy(userId, 'script:create'), null)).toBe(true);
      }
      const first = await list(url, 'q=needle');
      expect(first).toEqual({ items: [], nextCursor: expect.any(String) });
      const second = await list(url, `q=needle&cursor=${first.nextCursor}`);
      expect([second.items.map(({ name }) => name), second.nextCursor]).toEqual([['needle'], null]);
      expect(await readAll(url, 'q=script 99&limit=100')).toEqual([expect.arrayContaining(['script 99', 'script 999']), 2]);
    });

    test('refuse a cursor of another order or search', async () => {
      const url = await newHome();
      for (const name of ['a', 'b', 'c']) await save(url, { name });
      const { nextCursor } = await list(url, 'limit=1');
      for (const query of ['sort=name', 'q=a', 'tag=x']) {
        const { status, body } = await the().send('GET', `${url}?limit=1&${query}&cursor=${nextCursor}`);
        expect([status, (body as { code: string }).code]).toEqual([400, 'INVALID']);
      }
    });
  });
};
