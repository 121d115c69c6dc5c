/** The forms of a noun's name, for `{{placeholders}}` in templates. */
export type NounNames = Readonly<
  Record<'poll' | 'polls' | 'Poll' | 'Polls' | 'file' | 'resource' | 'table' | 'word' | 'words', string>
>;

const pattern = /^[a-z]+(-[a-z]+)*s$/;

const singularOf = (plural: string): string => (plural.endsWith('ies') ? `${plural.slice(0, -3)}y` : plural.slice(0, -1));

const camel = (kebab: string): string => kebab.replaceAll(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The forms of a plural in kebab case, such as `trust-awards`. Throws an Error for anything else. */
export const namesOf = (plural: string): NounNames => {
  if (!pattern.test(plural)) throw new Error(`NAME must be a plural in kebab case, such as polls or trust-awards: ${plural}`);
  const singular = singularOf(plural);
  return {
    poll: camel(singular),
    polls: camel(plural),
    Poll: capital(camel(singular)),
    Polls: capital(camel(plural)),
    file: plural,
    resource: singular,
    table: plural.replaceAll('-', '_'),
    word: singular.replaceAll('-', ' '),
    words: plural.replaceAll('-', ' '),
  };
};
