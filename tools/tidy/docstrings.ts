import { lineAt } from '../source/syntax.ts';
import { eachFile, type TidyRule } from './rule.ts';

/** Words with which a sentence begins that has no subject yet, or only a pronoun. */
const pronouns = 'Nothing|What|Whoever|Whatever|Those|These|It|They|That|The same|Such|Told|Given|As|Of|By';
/** Words that may begin a note on a property, but not the description of something that is exported. */
const conjunctions = 'Whether|How|Why|Which|Who|Whose|Where|When|While|Until|Since|If|From|For|With|Not|No|None|Null|Undefined';

const openers = {
  exported: new RegExp(`^(${pronouns}|${conjunctions})\\b`),
  inner: new RegExp(`^(${pronouns})\\b`),
};

/** A docstring begins a line or follows code: in a glob of a path, the same characters follow others. */
const docstring = /(?<=^|\s)\/\*\*(?=\s)\s*(?:\*\s*)?([\s\S]*?)\*\/\s*(export\b)?/g;

/** The first sentence of a docstring begins with its subject ("A circuit breaker that …") or with a verb ("Reads …"). */
export const docstringRules: readonly TidyRule[] = [
  {
    name: 'docstrings begin with their subject',
    reason:
      'Begin with the subject ("A circuit breaker that …") or a verb ("Reads …"), so that it is understood at the first reading.',
    files: ['{libs,services,programs}/*/{src,test}/**/*.ts', 'web/**/*.{ts,tsx}', '{tests,tools}/**/*.ts'],
    find: eachFile(({ path, text }) =>
      [...text.matchAll(docstring)].flatMap(({ 1: sentence = '', 2: exported, index }) => {
        const opener = openers[exported === undefined ? 'inner' : 'exported'].exec(sentence)?.[0];
        return opener === undefined ? [] : [`${path}:${lineAt(text, index)}: ${opener}`];
      }),
    ),
  },
];
