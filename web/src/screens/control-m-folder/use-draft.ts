import type { ControlMImpact } from '@guildhall/contracts';
import { useState } from 'react';
import { ProblemError } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { useKeptDraft } from '../../editor/kept-drafts.ts';
import { saveChange, tryChange, type FolderSource, type SavedFolder } from '../../control-m/folder-source.ts';

export interface EditedFolder {
  /** The version that the editing began from. */
  readonly base: FolderSource;
  /** The last version that was read. */
  readonly current: FolderSource;
  /** The text of an earlier look at this page that was not saved; null for none. */
  readonly keptText: string | null;
  readonly onBase: (base: FolderSource) => void;
}

export interface Draft {
  readonly text: string;
  readonly note: string;
  /** The version that somebody else saved in between, when a save met it. */
  readonly theirs: FolderSource | null;
  /** The things that the save would touch beyond the folder, while that is to be confirmed. */
  readonly impact: ControlMImpact | null;
}

interface Save {
  readonly on: FolderSource;
  readonly text: string;
  /** True once the blast radius was shown. */
  readonly isSeen: boolean;
}

/** The fault of a text that is no JSON, as the browser says it; null for JSON. */
export const jsonFault = (text: string): string | null => {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const fresh = (text: string): Draft => ({ text, note: '', theirs: null, impact: null });

/** The text under the hands with its saves: each is tried first, and one that touches other things waits to be confirmed. */
export const useDraft = ({ base, keptText, onBase }: EditedFolder) => {
  const [draft, setDraft] = useState<Draft>(fresh(keptText ?? base.text));
  useKeptDraft(base.id, { base, text: draft.text }, draft.text !== base.text);
  const begin = (from: FolderSource): void => {
    onBase(from);
    setDraft(fresh(from.text));
  };
  const onSaved = (saved: SavedFolder): void => {
    if ('theirs' in saved) return setDraft((now) => ({ ...now, theirs: saved.theirs, impact: null }));
    onBase(saved.folder);
    // What was typed while the save was under way stays; a merged text takes the place of the own one.
    setDraft((now) => fresh(now.theirs === null ? now.text : saved.folder.text));
  };
  const save = useDo(
    async ({ on, text, isSeen }: Save): Promise<SavedFolder | { readonly impact: ControlMImpact }> => {
      const change = { text, note: draft.note };
      const impact = isSeen ? null : await tryOrNull(on, change);
      return impact === null || impact.isHarmless ? saveChange(on, change) : { impact };
    },
    (result) => {
      if ('impact' in result) setDraft((now) => ({ ...now, impact: result.impact }));
      else onSaved(result);
    },
  );
  return { draft, setDraft, begin, save, onSaved };
};

/** The blast radius of a change; null where another version is there, which the save itself finds. */
const tryOrNull = async (on: FolderSource, change: { readonly text: string }): Promise<ControlMImpact | null> => {
  try {
    return await tryChange(on, change);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'VERSION_MISMATCH') return null;
    throw error;
  }
};

export type Drafting = ReturnType<typeof useDraft>;
