import type { FieldError } from '@guildhall/errors';

/** The text of one member of a JSON object, and the faults that `JSON.parse` does not report. */
export interface JsonText {
  /** The member's value as it is written; undefined if the object has no such member. */
  readonly member: string | undefined;
  readonly fault: FieldError | null;
}

/** Names that lead to prototypes in whatever reads the document as an object of JavaScript. */
const prototypeNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const nameCharactersToldMax = 100;

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || character === '\n' || character === '\r' || character === '\t';

const skipSpace = (json: string, from: number): number => {
  let at = from;
  while (isSpace(json[at])) at += 1;
  return at;
};

/** The index after the string that opens at `from`. */
const endOfString = (json: string, from: number): number => {
  let at = from + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
};

/** The fault of a name among the earlier names of its object, null if there is none. Adds it to them. */
const takeName = (names: Set<string>, name: string): string | undefined => {
  if (prototypeNames.has(name)) return `must have no member named ${name}`;
  if (names.has(name)) return `names a member twice in one object: ${name.slice(0, nameCharactersToldMax)}`;
  names.add(name);
  return undefined;
};

/**
 * Reads a text that is valid JSON, an object. Faults: nested deeper than `nestingMax` (the member itself counts as one), a
 * name twice in one object, a name of JavaScript's prototypes. Takes no stack, however deep the text is.
 */
export const readJsonText = (json: string, member: string, nestingMax: number): JsonText => {
  /** The objects and lists that are open, by the names of an object; null for a list. */
  const open: (Set<string> | null)[] = [];
  let from: number | undefined;
  let found: string | undefined;
  const failed = (message: string): JsonText => ({ member: found, fault: { path: `/${member}`, message } });

  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '{' || character === '[') {
      if (open.length > nestingMax) return failed(`must not be nested deeper than ${nestingMax}`);
      open.push(character === '{' ? new Set() : null);
    } else if (character === '"') {
      const end = endOfString(json, at);
      const colon = skipSpace(json, end);
      const names = open.at(-1);
      if (names instanceof Set && json[colon] === ':') {
        const name = JSON.parse(json.slice(at, end)) as string;
        const wrong = takeName(names, name);
        if (wrong !== undefined) return failed(wrong);
        if (open.length === 1 && name === member) from = skipSpace(json, colon + 1);
      }
      at = end - 1;
    } else if (character === '}' || character === ']' || character === ',') {
      if (open.length === 1 && from !== undefined && found === undefined) found = json.slice(from, at).trimEnd();
      if (character !== ',') open.pop();
    }
  }
  return { member: found, fault: null };
};
