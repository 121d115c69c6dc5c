import { describe, expect, test } from 'vitest';
import { locate, normalisedText, readJson, strictText } from '../src/index.ts';
import { awkwardName, bounds } from './documents.ts';
import * as fc from 'fast-check';

const findings = (source: string, more: Partial<typeof bounds> = {}) =>
  locate(source, readJson(source, { ...bounds, ...more }).findings);

const reserved = new Set(['__proto__', 'constructor', 'prototype']);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      awkwardName.filter((name) => !reserved.has(name)),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value;

/** Writes JSON as people do: comments, blanks and trailing commas wherever they may stand. */
const loosely = (json: unknown, pick: () => string): string => {
  if (Array.isArray(json)) return `[${pick()}${json.map((item) => loosely(item, pick)).join(`,${pick()}`)}${pick()}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const members = Object.entries(json).map(([name, inner]) => `${JSON.stringify(name)}${pick()}:${loosely(inner, pick)}`);
  return `{${pick()}${members.join(`${pick()},`)}${members.length > 0 ? ',' : ''}${pick()}}`;
};

describe('reading a document', () => {
  test('loses nothing: strict text, of the same length and lines, is what JSON.parse reads', () => {
    const trivia = fc.infiniteStream(fc.constantFrom('', ' ', '\n', '// a "comment", {\n', '/* } */', '\t'));
    fc.assert(
      fc.property(
        fc.dictionary(
          awkwardName.filter((name) => !reserved.has(name)),
          value,
          { noNullPrototype: true },
        ),
        trivia,
        fc.boolean(),
        (json, stream, hasMark) => {
          const source = `${hasMark ? '\u{feff}' : ''}${loosely(json, () => stream.next().value ?? '')}`;
          const read = readJson(source, bounds);
          expect(read.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
          const strict = strictText(read);
          expect([strict.length, strict.split('\n').length]).toEqual([source.length, source.split('\n').length]);
          expect(JSON.parse(strict)).toEqual(JSON.parse(JSON.stringify(json)));
          if (read.root === undefined) throw new Error('no root');
          expect(JSON.parse(normalisedText(source, read.root))).toEqual(JSON.parse(JSON.stringify(json)));
        },
      ),
    );
  });

  test('refuses or reads every text, and never throws', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      'true',
      'x',
      '//',
      '/*',
      '*/',
      '\\',
      '\n',
      "'",
      '-',
      '\u{feff}',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (source) => {
          const { root, findings: found } = readJson(source, bounds);
          expect(root === undefined).toBe(found.some(({ severity, code }) => severity === 'error' && code !== 'DUPLICATE_NAME'));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('keeps numbers, order and texts in the usual layout', () => {
    const source = '{"b":1.50,"10":[12345678901234567890,{}],"a":"\\u0041"}';
    const { root } = readJson(source, bounds);
    expect(root && normalisedText(source, root)).toBe(
      '{\n  "b": 1.50,\n  "10": [\n    12345678901234567890,\n    {}\n  ],\n  "a": "\\u0041"\n}\n',
    );
  });

  test('warns of comments, a byte order mark, trailing commas and missing outer braces, at the first of each', () => {
    expect(
      findings('\u{feff}{\n  // one\n  "a": [1,], /* two */\n}').map(({ code, severity, line, column }) => [
        code,
        severity,
        line,
        column,
      ]),
    ).toEqual([
      ['BYTE_ORDER_MARK', 'warning', 1, 1],
      ['COMMENT', 'warning', 2, 3],
      ['TRAILING_COMMA', 'warning', 3, 10],
    ]);
    expect(findings('"a": {"b": 1},\n"c": {},').map(({ code, line }) => [code, line])).toEqual([
      ['NO_OUTER_BRACES', 1],
      ['TRAILING_COMMA', 2],
    ]);
  });

  test('tells names that come twice, each with its place, and keeps both', () => {
    const source = '{"a": {"x": 1,\n  "x": 2, "\\u0078": 3}}';
    expect(findings(source).map(({ code, pointer, line, column }) => [code, pointer, line, column])).toEqual([
      ['DUPLICATE_NAME', '/a/x', 2, 3],
      ['DUPLICATE_NAME', '/a/x', 2, 11],
    ]);
    const { root } = readJson(source, bounds);
    expect(root && normalisedText(source, root)).toContain('"x": 1');
    expect(findings('{"Comment": "a", "Comment": "b"}').map(({ code, severity }) => [code, severity])).toEqual([
      ['DUPLICATE_NAME', 'note'],
    ]);
  });

  test.each([
    ['', 1, 1, 'The document is empty.'],
    ['{"a": 1', 1, 8, 'The document is no JSON: a comma or "}" is wanted before the end of the document.'],
    ['{"a": 1\n "b": 2}', 2, 2, 'The document is no JSON: a comma or "}" is wanted before "b".'],
    ['{"a" 1}', 1, 6, 'The document is no JSON: a colon is wanted before "1".'],
    ["{'a': 1}", 1, 2, 'The document is no JSON: a name in double quotes is wanted before "\'a\'".'],
    ['{"a": yes}', 1, 7, 'The document is no JSON: a value is wanted before "yes".'],
    ['{"a": "x\n"}', 1, 7, 'The document is no JSON: a text has no closing quote on its line.'],
    ['{"a": "\\q"}', 1, 7, 'The document is no JSON: a text has a backslash before a character that it does not escape.'],
    ['{"a": 1}}', 1, 9, 'The document is no JSON: the end of the document is wanted before "}".'],
    ['{"a": 1 /* }', 1, 9, 'The document is no JSON: a comment has no end.'],
    [
      '{"__proto__": 1}',
      1,
      2,
      'The name __proto__ is reserved: programs that read the document would take it for something else.',
    ],
  ])('refuses %j at line %i, column %i, with a hint', (source, line, column, message) => {
    expect(findings(source)).toEqual([
      expect.objectContaining({ severity: 'error', line, column, message, hint: expect.any(String) }),
    ]);
  });

  test('is bounded in length and depth, whatever the text is', () => {
    expect(findings('[1, 2]', { charactersMax: 5 })[0]?.message).toBe('The document is longer than 5 characters.');
    expect(findings('['.repeat(1_000_000))[0]).toMatchObject({ code: 'TOO_DEEP', column: 43 });
    expect(findings(`${'['.repeat(42)}${']'.repeat(42)}`)).toEqual([]);
  });
});
