import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeDocuments, readJson, strictText } from '../src/index.ts';
import { bounds } from './documents.ts';

const merge = (base: string, mine: string, theirs: string) => {
  const merged = mergeDocuments(base, mine, theirs, bounds);
  if (merged === undefined) throw new Error('no JSON');
  return merged;
};
/** The value that a reader of strict JSON sees. */
const parsed = (text: string): unknown => JSON.parse(strictText(readJson(text, bounds)));

const base = `// The night.
{
  "NIGHT": {
    "Type": "Folder", /* as ever */
    "Load":  { "Type": "Job:Command", "Command": "load", "N": 1.50 },
    "Print": { "Type": "Job:Command", "Command": "print" },
    "Order": { "Type": "Flow", "Sequence": ["Load", "Print"] },
  },
}
`;
const edit = (from: string, to: string): string => {
  if (!base.includes(from)) throw new Error(`no ${from}`);
  return base.replace(from, to);
};

type Json = null | number | string | boolean | readonly Json[] | { readonly [name: string]: Json };
const names = fc.constantFrom('A', 'B', 'C/1', 'D\\', 'E~');
const tree = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom('x', null, true),
    fc.array(fc.integer(), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc.dictionary(names, tie('value'), { maxKeys: 5, noNullPrototype: true }),
})).object;

/** Writes a value in one of three layouts. */
const layouts = [
  (value: Json) => JSON.stringify(value),
  (value: Json) => JSON.stringify(value, null, 2),
  (value: Json) => `/* kept */ ${JSON.stringify(value, null, '\t').replaceAll(/([^[{,\s])\n/g, '$1, // note\n')}`,
];
const written = fc.tuple(tree, fc.constantFrom(...layouts)).map(([value, layout]) => layout(value));

describe('a merge of two versions', () => {
  test('has the edits of both, and every other character as it was', () => {
    const mine = edit('"Command": "load"', '"Command": "load --all"');
    const theirs = edit('"Print": { "Type"', '"Print": { "RunAs": "p", "Type"').replace('"N": 1.50', '"N": 2');
    const { text, conflicts } = merge(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(text).toBe(
      edit('"Command": "load", "N": 1.50', '"Command": "load --all", "N": 2').replace(
        '"Command": "print" }',
        '"Command": "print", "RunAs": "p" }',
      ),
    );
  });

  test('takes jobs out and adds them, each on a line of its own', () => {
    const mine = edit('    "Print": { "Type": "Job:Command", "Command": "print" },\n', '');
    const theirs = edit('    "Order"', '    "Mail": {"Type": "Job:Dummy"},\n    "Order"');
    expect(merge(base, mine, theirs).text).toBe(mine.replace('"Print"] },', '"Print"] },\n    "Mail": {"Type": "Job:Dummy"},'));
  });

  test('tells what both changed differently, and what one removed and the other changed; there it has the base', () => {
    const mine = edit('"load"', '"load 1"').replace('    "Print": { "Type": "Job:Command", "Command": "print" },\n', '');
    const theirs = edit('"load"', '"load 2"').replace('"print"', '"print 2"').replace('1.50', '3');
    expect(merge(base, mine, theirs)).toEqual({
      text: base.replace('1.50', '3'),
      conflicts: [
        { pointer: '/NIGHT/Load/Command', mine: '"load 1"', theirs: '"load 2"' },
        { pointer: '/NIGHT/Print', mine: null, theirs: '{ "Type": "Job:Command", "Command": "print 2" }' },
      ],
    });
  });

  test('is quiet about what both changed alike, and is the other side where one changed nothing', () => {
    const mine = edit('"load"', '"load 1"');
    expect(merge(base, mine, mine)).toEqual({ text: mine, conflicts: [] });
    expect(merge(base, mine, base)).toEqual({ text: mine, conflicts: [] });
    expect(merge(base, mine, mine.replace('1.50', '2'))).toEqual({ text: mine.replace('1.50', '2'), conflicts: [] });
    expect(mergeDocuments(base, '{', base, bounds)).toBeUndefined();
  });

  test('is JSON whatever the three are, the same whose side is whose, and has no more than what one of them has', () => {
    fc.assert(
      fc.property(written, written, written, (from, mine, theirs) => {
        const merged = merge(from, mine, theirs);
        const turned = merge(from, theirs, mine);
        expect(turned.text).toBe(merged.text);
        expect(turned.conflicts).toEqual(
          merged.conflicts.map((conflict) => ({ pointer: conflict.pointer, mine: conflict.theirs, theirs: conflict.mine })),
        );
        expect(parsed(merged.text)).toBeDefined();
        expect(parsed(merge(from, mine, from).text)).toEqual(parsed(mine));
      }),
      { numRuns: 1_000 },
    );
  });

  test('has no conflict where the edits are in different members, and then all of them', () => {
    fc.assert(
      fc.property(tree, tree, tree, fc.constantFrom(...layouts), (left, right, other, layout) => {
        const from = { L: left, R: right };
        const merged = merge(layout(from), layout({ L: other, R: right }), layout({ L: left, R: other }));
        expect([merged.conflicts, parsed(merged.text)]).toEqual([[], { L: other, R: other }]);
      }),
      { numRuns: 1_000 },
    );
  });
});
