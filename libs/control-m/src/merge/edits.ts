import { pointerPart } from '../finding.ts';
import type { JsonNode, Member, ObjectNode } from '../json/nodes.ts';

/** A change of one place of a document, by its JSON Pointer. */
export interface Edit {
  readonly kind: 'replace' | 'remove' | 'add';
  /** The new value as it is written; empty for a removal. */
  readonly text: string;
  /** The new value without layout, by which two edits are the same. */
  readonly value: string;
  /** The name of an added member as it is written. */
  readonly name: string;
}

/** A value as JSON text without layout: order and numbers as they are written. */
export const compactText = (source: string, node: JsonNode): string => {
  if (node.kind === 'list') return `[${node.items.map((item) => compactText(source, item)).join(',')}]`;
  if (node.kind === 'object') {
    return `{${node.members.map(({ name, value }) => `${JSON.stringify(name)}:${compactText(source, value)}`).join(',')}}`;
  }
  return node.kind === 'text' ? JSON.stringify(node.value) : source.slice(node.from, node.to);
};

/** An object whose names are unique, so that its members can be told apart. */
const isRecord = (node: JsonNode): node is ObjectNode =>
  node.kind === 'object' && new Set(node.members.map(({ name }) => name)).size === node.members.length;

const namesOf = (node: ObjectNode): ReadonlyMap<string, Member> => new Map(node.members.map((member) => [member.name, member]));

interface Sides {
  readonly base: string;
  readonly side: string;
  readonly edits: Map<string, Edit>;
}

const editMembers = (sides: Sides, base: ObjectNode, side: ObjectNode, pointer: string): void => {
  const { edits } = sides;
  const others = namesOf(side);
  for (const { name, value } of base.members) {
    const at = `${pointer}/${pointerPart(name)}`;
    const other = others.get(name);
    if (other === undefined) edits.set(at, { kind: 'remove', text: '', value: '', name: '' });
    else collect(sides, value, other.value, at);
  }
  const known = namesOf(base);
  for (const { name, nameSpan, value } of side.members) {
    if (known.has(name)) continue;
    edits.set(`${pointer}/${pointerPart(name)}`, {
      kind: 'add',
      text: sides.side.slice(value.from, value.to),
      value: compactText(sides.side, value),
      name: sides.side.slice(nameSpan.from, nameSpan.to),
    });
  }
};

const collect = (sides: Sides, base: JsonNode, side: JsonNode, pointer: string): void => {
  if (isRecord(base) && isRecord(side)) return editMembers(sides, base, side, pointer);
  const value = compactText(sides.side, side);
  if (compactText(sides.base, base) === value) return;
  sides.edits.set(pointer, { kind: 'replace', text: sides.side.slice(side.from, side.to), value, name: '' });
};

/** The edits that lead from one document to another, by pointer: property by property in objects; lists are one value. */
export const editsBetween = (
  base: { readonly source: string; readonly root: JsonNode },
  side: { readonly source: string; readonly root: JsonNode },
): ReadonlyMap<string, Edit> => {
  const edits = new Map<string, Edit>();
  collect({ base: base.source, side: side.source, edits }, base.root, side.root, '');
  return edits;
};
