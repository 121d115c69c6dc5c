import { anyText } from '@guildhall/testkit/any-text';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLineOf } from '../../../src/core/trail/csv.ts';

/** Reads a record as a program does (RFC 4180, section 2), and takes the guard away. */
const read = (line: string): string[] => {
  const fields = `,${line.slice(0, -2)}`.match(/,(?:"(?:[^"]|"")*"|[^,"]*)/g) ?? [];
  return fields.map((field) => {
    const raw = field.slice(1);
    const text = raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw;
    return text.startsWith("'") ? text.slice(1) : text;
  });
};

const signs = ['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20', '\ufe62', '\u207a'];
const skipped = ['', ' ', '\u00a0', '\ufeff', '\u200b', '\u3000', '\u2028', '\u0001', ' \u00a0\ufeff'];

describe('a cell', () => {
  test.each(skipped.map((blank) => [JSON.stringify(blank), blank] as const))(
    'that begins with a sign behind %s is no formula',
    (_name, blank) => {
      for (const sign of signs) expect(csvLineOf([`${blank}${sign}1`]).replace(/^"/, '')[0]).toBe("'");
    },
  );

  test.each(['', 'a=1', '1+1', 'ada@example.test', '\u00a0', '🌙 = moon'])('%j is as it is', (text) => {
    expect(csvLineOf([text])).toBe(`${text}\r\n`);
  });

  test('that a spreadsheet of another locale would cut is quoted', () => {
    expect(csvLineOf(['a;=1', 'b\t=1'])).toBe('"a;=1","b\t=1"\r\n');
  });

  test('comes back as it was, also one that began with an apostrophe', () => {
    const cell = fc.oneof(
      anyText(),
      fc.tuple(fc.constantFrom(...skipped, "'"), fc.constantFrom(...signs, "'", '"'), fc.string()).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (values) => {
        expect(read(csvLineOf(values))).toEqual(values);
      }),
    );
    expect(new Set(['=1', "'=1", "''=1"].map((text) => csvLineOf([text]))).size).toBe(3);
  });
});
