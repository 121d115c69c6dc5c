import type { LoggedEvent } from '../log/leaf.ts';

/** A person as the trail names them. */
export interface Person {
  readonly userId: string;
  /** In small letters; addresses are compared without regard to capitals. */
  readonly emails: readonly string[];
}

/** A name in an object or a JSON Pointer counts only where it cannot be a field's: a UUID or an e-mail address. */
const unmistakable = /@|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const fieldNames = (names: readonly string[]): readonly string[] => names.filter((name) => unmistakable.test(name));

/** Unescapes a JSON Pointer's tokens (RFC 6901, section 4). */
const tokensOf = (pointer: string): readonly string[] =>
  pointer.split('/').map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

/** True if a JSON value contains the person's id or address as a whole text, at any depth. A part of a text does not count. */
export const mentions =
  ({ userId, emails }: Person) =>
  (value: unknown): boolean => {
    const rest: unknown[] = [value];
    while (rest.length > 0) {
      const next = rest.pop();
      if (typeof next === 'string' && (next === userId || emails.includes(next.toLowerCase()))) return true;
      if (typeof next !== 'object' || next === null) continue;
      for (const item of Object.values(next)) rest.push(item);
      if (!Array.isArray(next)) rest.push(...fieldNames(Object.keys(next)));
    }
    return false;
  };

/** True if an event names the person: as actor, as resource, or in its changes. */
export const namesPerson = (person: Person): ((event: LoggedEvent) => boolean) => {
  const isMentionedIn = mentions(person);
  return ({ actor, resource, changes = [] }) =>
    isMentionedIn([
      actor.type === 'system' ? null : actor.id,
      resource.id,
      resource.name,
      changes.map(({ path, before, after }) => [fieldNames(tokensOf(path)), before, after]),
    ]);
};
