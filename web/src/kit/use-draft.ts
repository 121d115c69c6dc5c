import { useState } from 'react';
import { clashes, isSameDraft, rebased } from './rebase.ts';

interface Versioned {
  readonly version: number;
}

/** A draft of a change, and the version of the item that it changes. */
export interface DraftOf<Item extends Versioned, Draft extends object> {
  /** The item as it stood when the draft was begun: its version is the one that a save names. */
  readonly base: Item;
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  /** Begins anew from an item: the one that a save answered. */
  readonly begin: (item: Item) => void;
  /** The fields that another one changed differently in a later version; null where there is no later one. */
  readonly overtaken: readonly { readonly name: string; readonly value: unknown }[] | null;
  /** Takes the later version up below the draft. */
  readonly takeUp: () => void;
}

/**
 * A draft that begins from the item that was read first. A later version does not take it from under the hands, and is not overwritten
 * either: the person is told, and decides. A draft in which nothing was changed follows what is there.
 */
export const useDraftOf = <Item extends Versioned, Draft extends object>(
  latest: Item,
  draftOf: (item: Item) => Draft,
): DraftOf<Item, Draft> => {
  const [base, setBase] = useState(latest);
  const [draft, setDraft] = useState(() => draftOf(latest));
  const begin = (item: Item): void => {
    setBase(item);
    setDraft(draftOf(item));
  };
  const [before, theirs] = [draftOf(base), draftOf(latest)];
  const isOvertaken = latest.version > base.version;
  if (isOvertaken && isSameDraft(before, draft)) begin(latest);
  const overtaken = isOvertaken
    ? clashes(before, draft, theirs).map((name) => ({ name: String(name), value: theirs[name] }))
    : null;
  const takeUp = (): void => {
    setBase(latest);
    setDraft(rebased(before, draft, theirs));
  };
  return { base, draft, setDraft, begin, overtaken, takeUp };
};
