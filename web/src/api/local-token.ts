import { recall, remember } from './remembered.ts';
import { createStore } from './store.ts';

/** The token of this machine's user, who owns the solo work: given once by the link that the launcher prints. */
export const localToken = createStore<string | null>(recall('local-token'));

export const keepLocalToken = (token: string | null): void => {
  remember('local-token', token);
  localToken.set(token);
};
