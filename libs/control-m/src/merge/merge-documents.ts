import { memberOf, type JsonNode } from '../json/nodes.ts';
import { readJson, type JsonBounds } from '../json/read-json.ts';
import { applyEdits } from './apply-edits.ts';
import { editsBetween, type Edit } from './edits.ts';

/** A property that both sides changed differently. Values are JSON as they are written; null where the side removed it. */
export interface MergeConflict {
  /** JSON Pointer. */
  readonly pointer: string;
  readonly mine: string | null;
  readonly theirs: string | null;
}

export interface Merged {
  /** The merged text; at a conflict it has the value of the base. */
  readonly text: string;
  readonly conflicts: readonly MergeConflict[];
}

type Edits = ReadonlyMap<string, Edit>;

const isSame = (one: Edit, other: Edit): boolean => one.kind === other.kind && one.value === other.value;

/** The places within a place that a side changed. */
const within = (edits: Edits, pointer: string): readonly string[] =>
  [...edits.keys()].filter((at) => at.startsWith(`${pointer}/`));

/** Places that one side replaced or removed whole, and the other changed within. */
const overlaps = (one: Edits, other: Edits): readonly string[] =>
  [...one].flatMap(([pointer, { kind }]) => (kind !== 'add' && within(other, pointer).length > 0 ? [pointer] : []));

/** Places that both sides changed differently. */
const clashes = (mine: Edits, theirs: Edits): readonly string[] =>
  [...mine].flatMap(([pointer, edit]) => {
    const other = theirs.get(pointer);
    return other === undefined || isSame(edit, other) ? [] : [pointer];
  });

const sortKey = ({ text, name }: Edit): string => JSON.stringify([text, name]);

/** The edits of both sides without those at or within a conflict. Of two equal ones the text that sorts first is taken: whose it is does not matter. */
const united = (mine: Edits, theirs: Edits, conflicts: readonly string[]): Edits => {
  const all = new Map<string, Edit>();
  for (const [pointer, edit] of [...mine, ...theirs]) {
    if (conflicts.some((at) => pointer === at || pointer.startsWith(`${at}/`))) continue;
    const known = all.get(pointer);
    if (known === undefined || sortKey(edit) < sortKey(known)) all.set(pointer, edit);
  }
  return all;
};

/** The value at a pointer as it is written; null where there is none. */
const writtenAt = (source: string, root: JsonNode, pointer: string): string | null => {
  let node: JsonNode | undefined = root;
  for (const part of pointer.split('/').slice(1)) {
    node = memberOf(node, part.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return node === undefined ? null : source.slice(node.from, node.to);
};

/**
 * Merges two versions of a Control-M document by property: three-way, on the text of their common base. What neither side changed stays
 * the same text; a conflict is only the same property changed differently, or something that one side removed and the other changed.
 * Symmetric: whose side is whose does not matter. Undefined where one of the texts is no JSON.
 */
export const mergeDocuments = (base: string, mine: string, theirs: string, bounds: JsonBounds): Merged | undefined => {
  const sides = [base, mine, theirs].flatMap((source) => {
    const { root } = readJson(source, bounds);
    return root === undefined ? [] : [{ source, root }];
  });
  const [from, own, other] = sides;
  if (from === undefined || own === undefined || other === undefined) return undefined;
  if (theirs === base || mine === theirs) return { text: mine, conflicts: [] };
  if (mine === base) return { text: theirs, conflicts: [] };
  const [mineEdits, theirEdits] = [editsBetween(from, own), editsBetween(from, other)];
  const places = new Set([
    ...overlaps(mineEdits, theirEdits),
    ...overlaps(theirEdits, mineEdits),
    ...clashes(mineEdits, theirEdits),
  ]);
  const conflicts = [...places].filter((pointer) => ![...places].some((at) => pointer.startsWith(`${at}/`))).toSorted();
  return {
    text: applyEdits(from, united(mineEdits, theirEdits, conflicts)),
    conflicts: conflicts.map((pointer) => ({
      pointer,
      mine: writtenAt(own.source, own.root, pointer),
      theirs: writtenAt(other.source, other.root, pointer),
    })),
  };
};
