import { createStore } from './store.ts';

const name = 'guildhall.setup-token';

const found = (): string | null => {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
};

/** The setup token of a fresh installation, for this tab alone. */
export const setupToken = createStore<string | null>(found());

export const keepSetupToken = (token: string | null): void => {
  setupToken.set(token);
  try {
    if (token === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, token);
  } catch {
    // Storage is off: a reload asks for it again.
  }
};
