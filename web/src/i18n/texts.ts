import { recall, remember } from '../api/remembered.ts';
import { createStore, useStore } from '../api/store.ts';

export const languages = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof languages;

const isLanguage = (value: string | null): value is Language => value !== null && value in languages;

const first = (): Language => {
  const chosen = recall('language');
  if (isLanguage(chosen)) return chosen;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
};

export const language = createStore<Language>(first());

const mark = (): void => {
  document.documentElement.lang = language.get() === 'zh' ? 'zh-CN' : 'en';
};
mark();
language.subscribe(mark);

export const chooseLanguage = (chosen: Language): void => {
  remember('language', chosen);
  language.set(chosen);
};

/** The other languages have every text of the first, and functions where the first has them. */
type Same<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...parts: infer P) => string
      ? (...parts: P) => string
      : Same<T[K]>;
};

export interface Texts<T> {
  readonly en: Same<T>;
  readonly zh: Same<T>;
}

/** The texts of one screen in every language: one that is missing does not compile. */
export const defineTexts = <const T>(en: T, zh: Same<T>): Texts<T> => ({ en: en as unknown as Same<T>, zh });

/** The texts in the language that was chosen. */
export const useTexts = <T>(texts: Texts<T>): Same<T> => texts[useStore(language)];
