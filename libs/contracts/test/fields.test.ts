import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import * as contracts from '../src/index.ts';
import { Name } from '../src/fields.ts';
import { roleName, visibleLine } from '../src/patterns.ts';

const check = Compile(Name);

describe('a name', () => {
  it.each([
    'Night batch',
    'a',
    '  padded  ',
    'Ünïcödé',
    '夜間バッチ',
    'ليلة',
    'می‌خواهم',
    'क्‍ष',
    '👩‍💻 at work',
    '🏳️‍🌈',
    '👍🏽',
    'C++ #1 (new)',
    '€',
    '—',
  ])('may be %j', (name) => {
    expect(check.Check(name)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['spaces alone', '   '],
    ['a no-break space alone', '\u00a0'],
    ['a zero-width space alone', '\u200b'],
    ['a Hangul filler alone', '\u3164'],
    ['the blank Braille pattern alone', '\u2800'],
    ['a joiner alone', '\u200d'],
    ['combining marks alone', '\u0301\u0302'],
    ['a joiner at its end', 'admin\u200d'],
    ['a joiner after a space', 'a \u200db'],
    ['a zero-width space within', 'ad\u200bmin'],
    ['a byte order mark within', 'ad\ufeffmin'],
    ['a soft hyphen within', 'ad\u00admin'],
    ['a right-to-left override', 'admin\u202egpj.exe'],
    ['an isolate', 'a\u2066b\u2069'],
    ['a C1 control (CSI)', 'x\u009b31m'],
    ['an escape sequence', 'x\u001b[31m'],
    ['a bell', 'x\u0007'],
    ['a line break', 'a\r\nb'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['a tab', 'a\tb'],
    ['NUL', 'a\u0000b'],
    ['DEL', 'a\u007fb'],
    ['invisible tag characters', 'a\u{e0061}\u{e0062}'],
  ])('is not %s', (_what, name) => {
    expect(check.Check(name)).toBe(false);
  });
});

interface Field {
  readonly type?: unknown;
  readonly pattern?: unknown;
  readonly properties?: Readonly<Record<string, Field>>;
}

/** The names and labels in a body, by their path. */
const labelsIn = (schema: Field, path: string): readonly (readonly [path: string, pattern: unknown])[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(/(?:^name|Name|Label)$/.test(name) && field.type === 'string' ? [[`${path}/${name}`, field.pattern] as const] : []),
    ...labelsIn(field, `${path}/${name}`),
  ]);

/** Whether all that a pattern lets through is seen. The name of a global role is lower-case letters and hyphens alone. */
const isVisible = (pattern: unknown): boolean => pattern === roleName || String(pattern).endsWith(visibleLine.slice(1));

it('every name and label that a body takes shows what it says', () => {
  const bodies = Object.values(contracts)
    .flatMap((group) => (typeof group === 'object' ? Object.values(group as Record<string, unknown>) : []))
    .flatMap((contract) => {
      const { name, body } = (contract ?? {}) as { readonly name?: string; readonly body?: Field };
      return name === undefined || body === undefined ? [] : labelsIn(body, name);
    });
  expect(bodies.length).toBeGreaterThan(8);
  expect(bodies.filter(([, pattern]) => !isVisible(pattern))).toEqual([]);
});
