import type { OffsetFinding } from '../finding.ts';
import { isContainer, partsOf, type Jobs } from '../graph/dependencies.ts';
import type { Schedulable } from '../model/objects.ts';

/** A rule for names: which names it is for, and the forms that they may have. */
export interface NamingRule {
  readonly appliesTo: 'folder' | 'job' | 'event';
  /** A form of a name: letters stand for themselves, `*` for any characters, `#` for a digit, `@` for a letter. One must fit. */
  readonly forms: readonly string[];
  readonly message?: string;
}

const signs: Readonly<Record<string, (character: string) => boolean>> = {
  '#': (character) => character >= '0' && character <= '9',
  '@': (character) => /\p{L}/u.test(character),
};

/** Tells whether a name has a form. The time is the product of the two lengths at most, whatever the form is. */
export const hasForm = (name: string, form: string): boolean => {
  const [characters, pattern] = [Array.from(name), Array.from(form)];
  let [at, in_, star, mark] = [0, 0, -1, 0];
  while (at < characters.length) {
    const sign = pattern[in_];
    const character = characters[at] ?? '';
    if (sign === '*') {
      [star, mark] = [in_, at];
      in_ += 1;
    } else if (sign !== undefined && (signs[sign]?.(character) ?? sign === character)) {
      [at, in_] = [at + 1, in_ + 1];
    } else if (star >= 0) {
      mark += 1;
      [at, in_] = [mark, star + 1];
    } else return false;
  }
  return pattern.slice(in_).every((sign) => sign === '*');
};

const broken = (
  rule: NamingRule,
  name: string,
  place: { readonly pointer: string; readonly offset: number },
): readonly OffsetFinding[] =>
  rule.forms.some((form) => hasForm(name, form))
    ? []
    : [
        {
          code: 'NAMING_RULE',
          severity: 'warning',
          pointer: place.pointer,
          offset: place.offset,
          message: rule.message ?? `The ${rule.appliesTo} ${name} must be named like ${rule.forms.join(' or ')}.`,
        },
      ];

const namesFor = (part: Schedulable, rule: NamingRule): readonly OffsetFinding[] => {
  if (rule.appliesTo === 'event') return [...part.adds, ...part.waitsFor].flatMap((use) => broken(rule, use.event, use));
  return isContainer(part) === (rule.appliesTo === 'folder') ? broken(rule, part.name, part) : [];
};

/** The names that no form of a rule fits. */
export const checkNames = (jobs: Jobs, rules: readonly NamingRule[]): readonly OffsetFinding[] =>
  rules.length === 0 ? [] : partsOf(jobs).flatMap((part) => rules.flatMap((rule) => namesFor(part, rule)));
