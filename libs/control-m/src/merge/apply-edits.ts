import { pointerPart } from '../finding.ts';
import type { JsonNode, Member, ObjectNode, Span } from '../json/nodes.ts';
import type { Edit } from './edits.ts';

interface Splice extends Span {
  readonly text: string;
}

type Edits = ReadonlyMap<string, Edit>;

/** Added members by the pointer of their object, sorted by name: whoever added them, the order is the same. */
const additionsIn = (edits: Edits): ReadonlyMap<string, readonly Edit[]> =>
  Map.groupBy(
    [...edits]
      .filter(([, { kind }]) => kind === 'add')
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([pointer, edit]) => ({ ...edit, parent: pointer.slice(0, pointer.lastIndexOf('/')) })),
    ({ parent }) => parent,
  );

/** The line break and indent before a member, where it stands on a line of its own; a space otherwise. */
const layoutBefore = (source: string, { nameSpan }: Member): string => {
  const start = source.lastIndexOf('\n', nameSpan.from - 1);
  const indent = source.slice(start + 1, nameSpan.from);
  return start !== -1 && /^[ \t]*$/.test(indent) ? `\n${indent}` : ' ';
};

const written = ({ name, text }: Edit): string => `${name}: ${text}`;

/** The splice that takes a member out with a comma beside it. */
const removal = ({ nameSpan, value }: Member, previous: Member | undefined, next: Member | undefined): Splice =>
  next === undefined
    ? { from: previous?.value.to ?? nameSpan.from, to: value.to, text: '' }
    : { from: nameSpan.from, to: next.nameSpan.from, text: '' };

const spliceObject = (
  source: string,
  node: ObjectNode,
  isRemoved: (member: Member) => boolean,
  added: readonly Edit[],
): readonly Splice[] => {
  const kept = node.members.filter((member) => !isRemoved(member));
  const last = kept.at(-1);
  if (last === undefined) {
    // Nothing of the object is left but its braces.
    return [{ from: node.from, to: node.to, text: added.length === 0 ? '{}' : `{ ${added.map(written).join(', ')} }` }];
  }
  const layout = layoutBefore(source, last);
  const inserted = added.map((edit) => `,${layout}${written(edit)}`).join('');
  const removals = node.members.flatMap((member, index) => {
    if (!isRemoved(member)) return [];
    const next = kept.find(({ nameSpan }) => nameSpan.from > member.nameSpan.from);
    return [removal(member, node.members[index - 1], next === undefined ? undefined : node.members[index + 1])];
  });
  return [...removals, ...(inserted === '' ? [] : [{ from: last.value.to, to: last.value.to, text: inserted }])];
};

const collect = (
  source: string,
  node: JsonNode,
  pointer: string,
  edits: Edits,
  added: ReadonlyMap<string, readonly Edit[]>,
): readonly Splice[] => {
  const own = edits.get(pointer);
  if (own?.kind === 'replace') return [{ from: node.from, to: node.to, text: own.text }];
  if (node.kind !== 'object') return [];
  const at = ({ name }: Member): string => `${pointer}/${pointerPart(name)}`;
  const isRemoved = (member: Member): boolean => edits.get(at(member))?.kind === 'remove';
  const here = added.get(pointer) ?? [];
  const isTouched = here.length > 0 || node.members.some(isRemoved);
  const object = isTouched ? spliceObject(source, node, isRemoved, here) : [];
  return [
    ...object,
    ...node.members
      .filter((member) => !isRemoved(member))
      .flatMap((member) => collect(source, member.value, at(member), edits, added)),
  ];
};

/** The text with edits applied. Everything that no edit touches is the same text, character by character. */
export const applyEdits = ({ source, root }: { readonly source: string; readonly root: JsonNode }, edits: Edits): string => {
  const splices = collect(source, root, '', edits, additionsIn(edits)).toSorted(
    (one, other) => one.from - other.from || one.to - other.to,
  );
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text } of splices) {
    parts.push(source.slice(at, from), text);
    at = to;
  }
  return parts.join('') + source.slice(at);
};
