import { recall, remember } from '../api/remembered.ts';
import { createStore } from '../api/store.ts';

export type Theme = 'system' | 'light' | 'dark';

const isTheme = (value: string | null): value is Theme => value === 'system' || value === 'light' || value === 'dark';
const chosen = recall('theme');

export const theme = createStore<Theme>(isTheme(chosen) ? chosen : 'system');

/** Draws the page in the chosen theme: the tokens follow the `color-scheme` of the root. */
export const applyTheme = (): void => {
  document.documentElement.dataset['theme'] = theme.get();
};

export const chooseTheme = (next: Theme): void => {
  remember('theme', next);
  theme.set(next);
  applyTheme();
};
