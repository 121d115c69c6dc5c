import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson, spliceDocument, strictText } from '../src/index.ts';
import { bounds } from './documents.ts';

const source = `\u{feff}// all
{ "A": {"Type": "Folder", /* a */ "N": 1.0,},
  "Defaults": {"RunAs": "x"}, // between
  "B": {"Type": "Folder"},
  "C": {"Type": "Folder"} // last
}
`;
const json = readJson(source, bounds);
const spliced = (current: Readonly<Record<string, { name: string; definition: string } | null>>): string =>
  spliceDocument(json, new Map(Object.entries(current)));
/** The document that a reader of strict JSON sees. */
const parsed = (text: string): unknown => JSON.parse(strictText(readJson(text, bounds)));

describe('a document with its folders as they are now', () => {
  test('is its own text when nothing changed, though the folders are kept as strict JSON', () => {
    const definition = strictText(json).slice(source.indexOf('{"Type"'), source.indexOf(',\n  "Defaults"'));
    expect(spliced({})).toBe(source);
    expect(spliced({ A: { name: 'A', definition }, B: { name: 'B', definition: '{"Type": "Folder"}' } })).toBe(source);
  });

  test('keeps every other character when one is changed or renamed', () => {
    expect(spliced({ B: { name: 'B2', definition: '{"Type": "Folder", "X": 1}' } })).toBe(
      source.replace('"B": {"Type": "Folder"}', '"B2": {"Type": "Folder", "X": 1}'),
    );
  });

  test('is valid whatever is gone, changed or renamed', () => {
    const state = fc.constantFrom('gone', 'changed', 'same');
    fc.assert(
      fc.property(fc.record({ A: state, B: state, C: state }), (states) => {
        const changed = { name: 'Z', definition: '{"Type":"Folder","Z":1}' };
        const current = Object.fromEntries(
          Object.entries(states)
            .filter(([, each]) => each !== 'same')
            .map(([name, each]) => [name, each === 'gone' ? null : { ...changed, name: `${name}2` }]),
        );
        const before = parsed(source) as Record<string, unknown>;
        const wanted = Object.entries(before).flatMap(([name, value]) => {
          const now = current[name];
          if (now === null) return [];
          return [now === undefined ? [name, value] : [now.name, JSON.parse(now.definition) as unknown]];
        });
        expect(parsed(spliced(current))).toEqual(Object.fromEntries(wanted));
      }),
    );
  });
});
