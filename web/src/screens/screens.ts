import { lazy, type ComponentType } from 'react';
import { match } from '../router/router.ts';

export interface ScreenParts {
  /** The parameters of its address. */
  readonly params: Readonly<Record<string, string>>;
}

type Screen = ComponentType<ScreenParts>;
const later = (load: () => Promise<{ readonly Screen: Screen }>): Screen =>
  lazy(async () => ({ default: (await load()).Screen }));

/** The screens by their addresses. Each is loaded when it is first shown. */
const screens: readonly (readonly [pattern: string, screen: Screen])[] = [
  ['/app', later(() => import('./home/home.tsx'))],
  ['/app/local', later(() => import('./local/local.tsx'))],
];

/** The screen of an address; null where there is none. */
export const findScreen = (path: string): { readonly Screen: Screen; readonly params: ScreenParts['params'] } | null => {
  for (const [pattern, Screen] of screens) {
    const params = match(pattern, path);
    if (params !== null) return { Screen, params };
  }
  return null;
};
