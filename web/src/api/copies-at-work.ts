import { recall, remember } from './remembered.ts';
import { createStore } from './store.ts';

const name = 'copies-at-work';

const kept = (): ReadonlySet<string> => new Set((recall(name) ?? '').split(' ').filter((id) => id !== ''));

/** The shared workspaces on whose copies this browser works although somebody is signed in. */
export const copiesAtWork = createStore<ReadonlySet<string>>(kept());

export const workOnCopy = (workspaceId: string, isCopy: boolean): void => {
  const ids = new Set(copiesAtWork.get());
  if (isCopy) ids.add(workspaceId);
  else ids.delete(workspaceId);
  remember(name, ids.size === 0 ? null : [...ids].join(' '));
  copiesAtWork.set(ids);
};
