import { describe, expect, test } from 'vitest';
import { readDescriptor, readJson, transformDocument } from '../src/index.ts';

const bounds = { charactersMax: 100_000, nestingMax: 40, rulesMax: 10 };
const source = `{
  // Orders of the night.
  "Defaults": {"Host": "test-a", "RunAs": "orders"},
  "T_ORDERS": {"Type": "Folder", "Application": "T_orders",
    "Load": {"Type": "Job:Script", "Host": "test-b", "FileName": "load.sh", "Priority": 1.50, "When": {"FromTime": "0100"}},
    "Jobs": [{"Type": "Job:Command", "Name": "T_Listed", "Host": "other"}],
  },
}
`;

const rulesOf = (rules: readonly object[]) => readDescriptor(JSON.stringify({ DeployDescriptor: rules }), bounds);
const transform = (...rules: readonly object[]) => {
  const { root } = readJson(source, bounds);
  if (root === undefined) throw new Error('no document');
  return transformDocument({ source, root }, rulesOf(rules).rules);
};
const changed = (...pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((text, [from, to]) => text.replace(from, to), source);

describe('a deploy descriptor', () => {
  test('replaces whole values by their groups, also in Defaults, and nothing else', () => {
    expect(transform({ Property: 'Host', Replace: [{ 'test-(.*)': 'prod-$1' }] })).toEqual({
      text: changed(['"test-a"', '"prod-a"'], ['"test-b"', '"prod-b"']),
      matches: [2],
    });
    expect(transform({ Property: 'Host', Replace: [{ test: 'prod' }] })).toEqual({ text: source, matches: [0] });
  });

  test('assigns any value to properties that are there, also to inner ones, and adds none', () => {
    const rule = { Property: ['Priority', 'When.FromTime', 'NotThere'], Assign: { a: 1 } };
    expect(transform(rule)).toEqual({ text: changed(['1.50', '{"a":1}'], ['"0100"', '{"a":1}']), matches: [1] });
  });

  test('renames what it applies on alone, in the list form, too', () => {
    const prefix = { Property: '@', Replace: [{ 'T_(.*)': 'P_$1' }] };
    const folders = transform({ ...prefix, ApplyOn: { Type: 'Folder' } });
    expect(folders).toEqual({ text: changed(['"T_ORDERS"', '"P_ORDERS"']), matches: [1] });
    expect(transform({ ...prefix, ApplyOn: { Type: ['Job:Command', 'Job:X'], Host: 'o.*' } })).toEqual({
      text: changed(['"T_Listed"', '"P_Listed"']),
      matches: [1],
    });
  });

  test('takes a value from another property, and sees what the rules before it made', () => {
    expect(
      transform(
        { Property: 'FileName', Source: 'Host', Replace: [{ 'nothing.*': 'x' }, { '(.*)-b': '$1.sh' }] },
        { Property: 'FileName', Replace: [{ 'test.sh': 'prod.sh' }] },
        { Property: 'RunAs', ApplyOn: { '@': 'Nobody' }, Assign: 'x' },
      ),
    ).toEqual({ text: changed(['"load.sh"', '"prod.sh"']), matches: [1, 1, 0] });
  });

  test.each([
    [{ Assign: 1 }, 'Rule 1 must have a Property.'],
    [{ Property: 'Host' }, 'Rule 1 must have one of Assign and Replace.'],
    [{ Property: 'Host', Assign: 1, Replace: [] }, 'Rule 1 must have one of Assign and Replace.'],
    [{ Property: 'Host', Replace: [] }, 'Rule 1 must be a list of patterns with what replaces them.'],
    [{ Property: 'Host', Replace: [{ '(a)': '$2' }] }, 'Rule 1 names the group $2, which its pattern does not have.'],
    [{ Property: '@', Assign: 1 }, 'Rule 1 must give a name that is a text.'],
    [{ Property: 7, Assign: 1 }, 'Rule 1 must be a text, or a list of texts.'],
    [{ Property: 'Host', Replace: [{ '(': 'x' }] }, expect.stringMatching(/^Rule 1 is no regular expression: /)],
    [{ Property: 'Host', Replace: [{ '(a)\\1': 'x' }] }, expect.stringMatching(/^Rule 1 is no regular expression: /)],
  ])('is refused with the rule and its fault: %j', (rule, message) => {
    expect(rulesOf([rule])).toMatchObject({ rules: [], findings: [{ code: 'DESCRIPTOR', severity: 'error', message }] });
  });

  test('is refused without rules, and with too many', () => {
    for (const text of ['{}', '[]', '{"DeployDescriptor": 1}', '{']) expect(readDescriptor(text, bounds).rules).toEqual([]);
    const rule = { Property: 'Host', Assign: 'x' };
    expect(rulesOf(Array.from({ length: 11 }, () => rule)).findings[0]?.message).toContain('more than 10 rules');
    expect(readDescriptor(`[${JSON.stringify(rule)}]`, bounds).rules).toHaveLength(1);
  });

  test('matches in linear time, whatever its pattern is', () => {
    const text = JSON.stringify({ F: { Type: 'Folder', Host: `${'a'.repeat(20_000)}b` } });
    const { root } = readJson(text, bounds);
    const { rules } = rulesOf([{ Property: 'Host', Replace: [{ '(a|a|aa)*': 'x' }] }]);
    if (root === undefined) throw new Error('no document');
    expect(transformDocument({ source: text, root }, rules)).toEqual({ text, matches: [0] });
  });
});
