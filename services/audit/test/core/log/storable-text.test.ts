import { describe, expect, test } from 'vitest';
import { hasStorableTexts, requireStorableTexts } from '../../../src/core/log/storable-text.ts';

describe('a value whose texts every database stores', () => {
  test.each([[{ a: ['b', 1, null, { c: 'ü😀' }] }], ['plain'], [null]])('%j has none else', (value) => {
    expect(hasStorableTexts(value)).toBe(true);
  });

  test.each([['\0'], [{ a: [{ b: 'c\0' }] }], [{ 'na\0me': 1 }], [['\ud800']]])('%j has another', (value) => {
    expect(hasStorableTexts(value)).toBe(false);
    expect(() => requireStorableTexts([value])).toThrow('The event contains the character U+0000, which cannot be stored.');
  });
});
