import type { SyncedDocument } from '@guildhall/contracts';

/** Documents as texts, and what a synchronisation has to make of them: computed apart from the planner and from the merge. */

/** A document as a text; null: deleted, or not there. */
export type Value = string | null;

export const valueOf = (document: SyncedDocument | null): Value => (document === null ? null : JSON.stringify(document));
const documentOf = (value: Value): SyncedDocument | null => (value === null ? null : (JSON.parse(value) as SyncedDocument));

const jobs = ['Load', 'Print', 'Mail'] as const;
export const scriptOf = (name: string, text: string): SyncedDocument => ({
  kind: 'script',
  name,
  language: 'shell',
  description: '',
  tags: [],
  content: text,
});
export const folderOf = (name: string, commands: readonly string[]): SyncedDocument => ({
  kind: 'control-m-folder',
  name,
  definition: JSON.stringify({
    Type: 'Folder',
    ...Object.fromEntries(jobs.map((job, index) => [job, { Type: 'Job:Command', Command: commands[index] }])),
  }),
});
const commandsOf = ({ definition }: SyncedDocument & { readonly kind: 'control-m-folder' }): readonly string[] => {
  const folder = JSON.parse(definition) as Record<string, { Command: string }>;
  return jobs.map((job) => folder[job]?.Command ?? '');
};

/** The id of the folder of an imported document, which an edit replaces by another. */
const folderIds = ['00000000-0000-4000-8000-0000000000f0', '00000000-0000-4000-8000-0000000000f1'];
export const importedOf = (name: string, text: string, folder = 0): SyncedDocument => ({
  kind: 'control-m-document',
  name,
  source: `{"NIGHT": {"Type": "Folder"}} // ${text}`,
  folders: [{ name: 'NIGHT', folderId: folderIds[folder % 2] ?? '' }],
});

const workspaceWith = (
  document: SyncedDocument & { readonly kind: 'workspace' },
  token: string,
  place: number,
): SyncedDocument => {
  if (place % 3 === 0) return { ...document, name: token };
  if (place % 3 === 1) return { ...document, description: token };
  return { ...document, namingRules: [{ appliesTo: 'job', forms: [token] }] };
};

/** The document with an edit: of one job, where it is a folder; where it is an imported document, of its folders or its text. */
export const edited = (document: SyncedDocument, token: string, place: number): SyncedDocument => {
  if (document.kind === 'script') return { ...document, content: token };
  if (document.kind === 'workspace') return workspaceWith(document, token, place);
  if (document.kind === 'control-m-document') {
    const [text, folder] = place % 2 === 0 ? [token, 0] : [document.source.split('// ')[1] ?? '', place % 4 === 1 ? 1 : 0];
    return importedOf(document.name, text, folder);
  }
  return folderOf(
    document.name,
    commandsOf(document).map((command, index) => (index === place % jobs.length ? token : command)),
  );
};

/** The text after both edits; undefined where both changed it differently. */
const unitedText = (before: string, here: string, there: string): string | undefined => {
  if (here === there || there === before) return here;
  return here === before ? there : undefined;
};

/** Both edits of a folder; undefined where both changed the same job differently, or it is none. */
const united = (base: Value, mine: Value, theirs: Value): Value | undefined => {
  const [from, own, other] = [base, mine, theirs].map(documentOf);
  if (from?.kind !== 'control-m-folder' || own?.kind !== 'control-m-folder' || other?.kind !== 'control-m-folder')
    return undefined;
  const name = unitedText(from.name, own.name, other.name);
  const merged = commandsOf(from).map((command, index) =>
    unitedText(command, commandsOf(own)[index] ?? '', commandsOf(other)[index] ?? ''),
  );
  if (name === undefined || merged.includes(undefined)) return undefined;
  return valueOf(
    folderOf(
      name,
      merged.filter((command) => command !== undefined),
    ),
  );
};

interface Sides {
  readonly mine: Value;
  readonly theirs: Value;
  readonly isConflict: boolean;
}

/** The document that each side has to have after a synchronisation. */
export const expected = (base: Value, mine: Value, theirs: Value): Sides => {
  if (mine === theirs) return { mine, theirs, isConflict: false };
  if (mine === base) return { mine: theirs, theirs, isConflict: false };
  if (theirs === base) return { mine, theirs: mine, isConflict: false };
  const merged = united(base, mine, theirs);
  return merged === undefined ? { mine, theirs, isConflict: true } : { mine: merged, theirs: merged, isConflict: false };
};
