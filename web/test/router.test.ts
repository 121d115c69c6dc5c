// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { followMailedLink, guardLeaving, match, navigate } from '../src/router/router.ts';

const back = async (): Promise<void> => {
  history.replaceState(null, '', '/app');
  window.dispatchEvent(new PopStateEvent('popstate'));
};

test('an address that nobody encoded is an address of nothing, and no error', () => {
  expect(match('/app/workspaces/:id', '/app/workspaces/%zz')).toEqual({ id: '%zz' });
  expect(match('/app/workspaces/:id', '/app/workspaces/%E4%B8%AD')).toEqual({ id: '中' });
  history.replaceState(null, '', '/#/invites/100%');
  followMailedLink();
  expect(location.pathname + location.hash).toBe('/app/invite#100%');
});

test('the back button asks before what was not saved is left, and the address stays with the page', async () => {
  navigate('/app/workspaces/1/scripts/2?from=1');
  const mayLeave = vi.fn<() => boolean>(() => false);
  const release = guardLeaving(mayLeave);
  await back();
  expect(mayLeave).toHaveBeenCalledOnce();
  expect(location.pathname + location.search).toBe('/app/workspaces/1/scripts/2?from=1');
  mayLeave.mockReturnValue(true);
  await back();
  expect(location.pathname).toBe('/app');
  release();
});
