// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { navigate } from '../src/router/router.ts';
import { Screen } from '../src/screens/script-history/script-history.tsx';
import { draw, serveApi } from './support/page.ts';

const saved = (version: number) => ({
  version,
  note: '',
  restoredFrom: null,
  createdByName: '',
  createdAt: '2026-01-31T08:30:00.000Z',
});

/** The queries of the links in a row. */
const linksOf = (row: Element) => Array.from(row.querySelectorAll('a'), (link) => link.getAttribute('href')?.split('?')[1]);

test('versions are compared with the one that was saved before, and with the last one, though a deletion took numbers between them', async () => {
  navigate('/app/workspaces/one/scripts/two/history');
  serveApi(({ path }) => {
    if (path.includes('/versions')) return { status: 200, body: { items: [5, 2, 1].map(saved), nextCursor: null } };
    return { status: 200, body: { id: 'two', workspaceId: 'one', name: 'load.sh', version: 7 } };
  });
  const host = draw(Screen, { params: { workspaceId: 'one', scriptId: 'two' } });
  await vi.waitFor(() => expect(host.querySelectorAll('li')).toHaveLength(3));
  expect(Array.from(host.querySelectorAll('li'), linksOf)).toEqual([
    ['from=2&to=5'],
    ['from=1&to=2', 'from=2&to=5'],
    ['from=1&to=5'],
  ]);
  expect(host.querySelector('li')?.textContent).toContain('current');
});
