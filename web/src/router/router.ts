import { createStore, useStore } from '../api/store.ts';
import { decoded } from './decoded.ts';

/** The address of the page: its path, its query, and what stands behind `#`, which no server sees. */
interface Place {
  readonly path: string;
  readonly search: string;
  readonly hash: string;
}

const here = (): Place => ({ path: location.pathname, search: location.search, hash: location.hash });

const place = createStore<Place>(here());

/** Functions that are asked before the page is left: false keeps it. */
const guards = new Set<() => boolean>();

/** Has `mayLeave` asked before the page is left. Returns a function that ends that. */
export const guardLeaving = (mayLeave: () => boolean): (() => void) => {
  guards.add(mayLeave);
  return () => void guards.delete(mayLeave);
};

const mayLeaveNow = (): boolean => [...guards].every((mayLeave) => mayLeave());

/** The buttons of the browser leave the page as a link does: what is not saved is asked about, and the address stays with the page. */
const onPopState = (): void => {
  const { path, search, hash } = place.get();
  if (path !== location.pathname && !mayLeaveNow()) history.pushState(null, '', path + search + hash);
  else place.set(here());
};
window.addEventListener('popstate', onPopState);

export const navigate = (to: string, { replace = false }: { readonly replace?: boolean } = {}): void => {
  const url = new URL(to, location.href);
  const staysHere = url.pathname === location.pathname;
  if (!staysHere && !mayLeaveNow()) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  place.set(here());
  if (!staysHere) window.scrollTo(0, 0);
};

export const usePlace = (): Place => useStore(place);

/** One parameter of the query, and how to set it: what a view shows is in its address. */
export const useSearch = (name: string): readonly [value: string, set: (value: string) => void] => {
  const { search } = usePlace();
  const set = (value: string): void => {
    const query = new URLSearchParams(location.search);
    if (value === '') query.delete(name);
    else query.set(name, value);
    const text = query.toString();
    navigate(`${location.pathname}${text === '' ? '' : `?${text}`}`, { replace: true });
  };
  return [new URLSearchParams(search).get(name) ?? '', set];
};

/** The parameters of a path that matches `/app/workspaces/:id`; null for one that does not. */
export const match = (pattern: string, path: string): Readonly<Record<string, string>> | null => {
  const [wanted, given] = [pattern.split('/'), path.replace(/\/$/, '').split('/')];
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) found[part.slice(1)] = decoded(value);
    else if (part !== value) return null;
  }
  return found;
};

/** The pages of the links in mails and of the launcher: their secrets stay behind `#`. */
const mailed: Readonly<Record<string, string>> = {
  invites: '/app/invite',
  'sign-in': '/app/sign-in/link',
  'end-sessions': '/app/end-sessions',
  local: '/app/local',
  setup: '/app/setup',
};

/** Turns the address of a mailed link into that of its page. */
export const followMailedLink = (): void => {
  const [, name = '', secret = ''] = /^#\/([a-z-]+)\/(.+)$/.exec(location.hash) ?? [];
  const target = mailed[name];
  if (target !== undefined) navigate(`${target}#${secret}`, { replace: true });
  else if (location.pathname === '/') navigate('/app', { replace: true });
};
window.addEventListener('hashchange', followMailedLink);
