/** A part of a text: from an offset to the offset behind it, in UTF-16 code units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Member {
  readonly name: string;
  /** The name's span, with its quotes. */
  readonly nameSpan: Span;
  readonly value: JsonNode;
}

export interface ObjectNode extends Span {
  readonly kind: 'object';
  /** In the order of the text; a name that comes twice is there twice. */
  readonly members: readonly Member[];
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly JsonNode[];
}

export interface TextNode extends Span {
  readonly kind: 'text';
  readonly value: string;
}

/** A number, `true`, `false` or `null`: its span has its text. */
export interface LiteralNode extends Span {
  readonly kind: 'literal';
}

/** A JSON value with its place in the text. */
export type JsonNode = ObjectNode | ListNode | TextNode | LiteralNode;

/** Objects of more members are read by an index of their names. */
const unindexedMembersMax = 16;
const indexes = new WeakMap<ObjectNode, ReadonlyMap<string, JsonNode>>();

const indexOf = (node: ObjectNode): ReadonlyMap<string, JsonNode> => {
  const known = indexes.get(node);
  if (known !== undefined) return known;
  const made = new Map(node.members.map(({ name, value }) => [name, value]));
  indexes.set(node, made);
  return made;
};

/** The value of a member; the last one where its name comes twice, as `JSON.parse` reads it. */
export const memberOf = (node: JsonNode | undefined, name: string): JsonNode | undefined => {
  if (node?.kind !== 'object') return undefined;
  if (node.members.length > unindexedMembersMax) return indexOf(node).get(name);
  return node.members.findLast((member) => member.name === name)?.value;
};

/** The text of a value; undefined unless it is one. */
export const textOf = (node: JsonNode | undefined): string | undefined => (node?.kind === 'text' ? node.value : undefined);

export const membersOf = (node: JsonNode | undefined): readonly Member[] => (node?.kind === 'object' ? node.members : []);

export const itemsOf = (node: JsonNode | undefined): readonly JsonNode[] => (node?.kind === 'list' ? node.items : []);

/** The member `Type` of an object, which says what the object is. */
export const typeOf = (node: JsonNode | undefined): string | undefined => textOf(memberOf(node, 'Type'));
