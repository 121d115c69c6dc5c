import { useEffect } from 'react';
import { sessionUser } from '../api/session.ts';

/** A text that was edited and not saved, with the version that the editing began from. */
export interface KeptDraft<Base> {
  readonly base: Base;
  readonly text: string;
}

const prefix = 'guildhall.draft.';
const writtenAfterMs = 300;
const drafts = new Map<string, KeptDraft<unknown> | null>();
/** The drafts that are not yet in the storage of the tab. */
const unwritten = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** The name of a draft: what one account wrote is not shown to the next. */
const nameOf = (id: string): string => `${prefix}${sessionUser.get() ?? 'local'}.${id}`;

/** Writes what is held in memory into the storage of the tab. A text that the browser has no room for lives until the page is closed. */
const writeAll = (): void => {
  clearTimeout(timer);
  for (const name of unwritten) {
    const draft = drafts.get(name) ?? null;
    try {
      if (draft === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify(draft));
    } catch {
      // Storage is off or full: the draft is in memory.
    }
  }
  unwritten.clear();
};
window.addEventListener('pagehide', writeAll);

/** Keeps an unsaved text for this tab: a reload, an expired session or a crash loses nothing. Null: it was saved or dropped. */
export const keepDraft = <Base>(id: string, draft: KeptDraft<Base> | null): void => {
  const name = nameOf(id);
  drafts.set(name, draft);
  unwritten.add(name);
  clearTimeout(timer);
  timer = setTimeout(writeAll, writtenAfterMs);
};

/** The unsaved text of this tab; null where there is none. */
export const findDraft = <Base>(id: string): KeptDraft<Base> | null => {
  const name = nameOf(id);
  const held = drafts.get(name);
  if (held !== undefined) return held as KeptDraft<Base> | null;
  try {
    const text = sessionStorage.getItem(name);
    return text === null ? null : (JSON.parse(text) as KeptDraft<Base>);
  } catch {
    return null;
  }
};

/** Drops all unsaved texts: whoever signs out leaves nothing for the next. */
export const dropDrafts = (): void => {
  drafts.clear();
  unwritten.clear();
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
  } catch {
    // Storage is off: there was nothing in it.
  }
};

/** Keeps what is edited for as long as it is not saved. */
export const useKeptDraft = <Base>(id: string, { base, text }: KeptDraft<Base>, isDirty: boolean): void => {
  useEffect(() => keepDraft(id, isDirty ? { base, text } : null), [id, base, text, isDirty]);
};
