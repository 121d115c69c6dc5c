import type { SyncedDocument } from '@guildhall/contracts';
import { mergeDocuments } from '@guildhall/control-m';
import { documentBounds } from '../control-m/workspace-model.ts';

export interface MergedFolder {
  /** Null where the two sides cannot be united. */
  readonly document: SyncedDocument | null;
  /** The properties of its definition that both changed differently, as JSON Pointers. */
  readonly pointers: readonly string[];
}

/** The property that a value has after both sides changed it; undefined where they changed it differently. */
const mergeValue = (base: string, mine: string, theirs: string): string | undefined => {
  if (mine === theirs || theirs === base) return mine;
  return mine === base ? theirs : undefined;
};

/**
 * Merges two versions of a Control-M folder by job and property, on the version that both come from. Undefined for documents that are
 * no folders, or whose definitions are no JSON.
 */
export const mergeFolders = (
  base: SyncedDocument | null,
  mine: SyncedDocument | null,
  theirs: SyncedDocument | null,
): MergedFolder | undefined => {
  if (base?.kind !== 'control-m-folder' || mine?.kind !== 'control-m-folder' || theirs?.kind !== 'control-m-folder') {
    return undefined;
  }
  const texts = [base.definition, mine.definition, theirs.definition] as const;
  const charactersMax = Math.max(...texts.map(({ length }) => length));
  const merged = mergeDocuments(...texts, { ...documentBounds, charactersMax });
  if (merged === undefined) return undefined;
  const name = mergeValue(base.name, mine.name, theirs.name);
  const pointers = merged.conflicts.map(({ pointer }) => pointer);
  if (name === undefined || pointers.length > 0) return { document: null, pointers };
  return { document: { kind: 'control-m-folder', name, definition: merged.text }, pointers: [] };
};
