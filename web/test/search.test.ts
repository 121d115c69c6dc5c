// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SearchInput } from '../src/ui/search-field.tsx';
import { navigate } from '../src/router/router.ts';
import { Screen as Workspace } from '../src/screens/workspace/workspace.tsx';
import { draw, serveApi, type } from './support/page.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets timers of that time go off, and the page draw what came of them. */
const pass = async (ms: number): Promise<void> => {
  for (const part of [ms, 1, 1]) {
    await vi.advanceTimersByTimeAsync(part);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }
};

const inputOf = (host: HTMLElement): HTMLInputElement => {
  const found = host.querySelector<HTMLInputElement>('input[type=search]');
  if (found === null) throw new Error('There is no search field.');
  return found;
};

/** Types a word character by character, faster than the field takes one for a whole text. */
const typeQuickly = async (input: HTMLInputElement, word: string): Promise<void> => {
  for (let end = 1; end <= word.length; end += 1) {
    type(input, word.slice(0, end));
    await pass(100);
  }
};

test('a search field seeks a word once, after it was typed, and at Enter at once', async () => {
  const sought: string[] = [];
  const host = draw(SearchInput, { label: 'Find', value: '', onSeek: (text: string) => sought.push(text) });
  await pass(10);
  await typeQuickly(inputOf(host), 'orders');
  expect([inputOf(host).value, sought]).toEqual(['orders', []]);
  await pass(1_000);
  expect(sought).toEqual(['orders']);
  type(inputOf(host), 'nightly');
  await pass(10);
  inputOf(host).dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  expect(sought).toEqual(['orders', 'nightly']);
  await pass(1_000);
  expect(sought).toEqual(['orders', 'nightly']);
});

test('a list is asked for once for a word that is typed, and shows what the last word found', async () => {
  navigate('/app/workspaces/one');
  const made = {
    createdBy: 'solo',
    createdByName: '',
    createdAt: '2026-01-31T08:30:00.000Z',
    updatedAt: '2026-01-31T08:30:00.000Z',
  };
  const item = { id: 'one', version: 1, ...made };
  const sent = serveApi(({ path }) => {
    if (path === '/v1/workspaces/one') return { status: 200, body: { ...item, name: 'Night', description: '', mode: 'solo' } };
    const q = new URLSearchParams(path.split('?')[1]).get('q');
    if (!path.includes('/scripts')) return { status: 200, body: { items: [], nextCursor: null } };
    return { status: 200, body: { items: [{ ...item, name: `${q}.sh`, language: 'shell', tags: [] }], nextCursor: null } };
  });
  const host = draw(Workspace, { params: { workspaceId: 'one' } });
  await pass(100);
  await typeQuickly(inputOf(host), 'orders');
  await pass(1_000);
  expect(sent.filter(({ path }) => path.includes('q=')).map(({ path }) => /q=(\w*)/.exec(path)?.[1])).toEqual(['orders']);
  expect(host.textContent).toContain('orders.sh');
});
