import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalDepthMax, canonicalJson } from '../src/index.ts';

const double = (hex: string): number => Buffer.from(hex, 'hex').readDoubleBE();

/** RFC 8785, appendix B. */
const numbers: readonly (readonly [hex: string, text: string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('canonical JSON', () => {
  test.each(numbers)('writes the number %s as %s', (hex, text) => {
    expect(canonicalJson(double(hex))).toBe(text);
  });

  test('writes the example of RFC 8785, section 3.2.2', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonicalJson(JSON.parse(input))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  test('sorts keys by their UTF-16 code units (RFC 8785, section 3.2.3)', () => {
    const input = String.raw`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`;
    expect(Object.values(JSON.parse(canonicalJson(JSON.parse(input))) as object)).toEqual([
      // An object puts keys that are numbers first, whatever the text says.
      'One',
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
    expect(canonicalJson(JSON.parse(input))).toMatch(/^\{"\\r":"Carriage Return","1":"One"/);
  });

  test.each<[string, unknown, string]>([
    ['NaN', Number.NaN, 'a number is not finite'],
    ['Infinity', [Infinity], 'a number is not finite'],
    ['half of a surrogate pair', { text: 'a\ud800' }, 'a text holds half of a surrogate pair'],
    ['half of one in a key', { '\udc00': 1 }, 'a text holds half of a surrogate pair'],
    ['what is not there', { text: undefined }, 'JSON does not know the type undefined'],
    ['a whole number of its own kind', [1n], 'JSON does not know the type bigint'],
    ['what lies too deep', deep(canonicalDepthMax + 1), `it is nested deeper than ${canonicalDepthMax} levels`],
  ])('refuses %s', (_what, value, reason) => {
    expect(() => canonicalJson(value)).toThrow(`The event has no canonical JSON: ${reason}.`);
  });

  test('takes what lies as deep as it may', () => {
    expect(canonicalJson(deep(canonicalDepthMax))).toHaveLength(2 * canonicalDepthMax);
  });

  test('is the same for any order of keys, and means the same', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => JSON.stringify(value).isWellFormed());
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (fields) => {
        const reversed = Object.fromEntries(Object.entries(fields).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(fields));
      }),
    );
  });
});
