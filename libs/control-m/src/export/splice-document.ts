import type { JsonNode, Member, Span } from '../json/nodes.ts';
import { membersOf } from '../json/nodes.ts';
import type { ReadJson } from '../json/read-json.ts';
import { strictText } from '../json/write-json.ts';

/** A folder as it is now, under the name that it had in the document; null where it is gone. */
export type CurrentFolders = ReadonlyMap<string, { readonly name: string; readonly definition: string } | null>;

interface Splice extends Span {
  readonly text: string;
}

/** The range that takes a member out with one of the commas beside it. `next` is the next member that stays. */
const removal = ({ nameSpan, value }: Member, previous: Member | undefined, next: Member | undefined): Splice => {
  if (next !== undefined) return { from: nameSpan.from, to: next.nameSpan.from, text: '' };
  return { from: previous?.value.to ?? nameSpan.from, to: value.to, text: '' };
};

/** The replaced texts of a member that stays: its name and its value, where they differ. */
const replacements = (
  strict: string,
  { name, nameSpan, value }: Member,
  now: { name: string; definition: string },
): readonly Splice[] => [
  ...(now.name === name ? [] : [{ ...nameSpan, text: JSON.stringify(now.name) }]),
  ...(now.definition === strict.slice(value.from, value.to) ? [] : [{ from: value.from, to: value.to, text: now.definition }]),
];

const splicesOf = (strict: string, root: JsonNode, current: CurrentFolders): readonly Splice[] => {
  const members = membersOf(root);
  let next: Member | undefined;
  return members
    .map((member, index) => ({ member, previous: members[index - 1] }))
    .toReversed()
    .flatMap(({ member, previous }): readonly Splice[] => {
      const now = current.get(member.name);
      if (now === null) return [removal(member, previous, next)];
      next = member;
      return now === undefined ? [] : replacements(strict, member, now);
    });
};

/**
 * The text of a document with its folders as they are now. What did not change is the same text, character by character: with comments,
 * layout and members that are no folders. An unchanged document is its own text.
 */
export const spliceDocument = (json: ReadJson, current: CurrentFolders): string => {
  if (json.root === undefined) return json.source;
  if (membersOf(json.root).every(({ name }) => current.get(name) === null)) return '{}\n';
  const parts: string[] = [];
  let at = 0;
  const splices = splicesOf(strictText(json), json.root, current).toSorted((one, other) => one.from - other.from);
  for (const { from, to, text } of splices) {
    parts.push(json.source.slice(at, from), text);
    at = to;
  }
  return parts.join('') + json.source.slice(at);
};
