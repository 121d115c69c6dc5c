import { errorCodes } from '@guildhall/errors';
import { describe, expect, it } from 'vitest';
import { filesMatching } from '../source/repository.ts';
import { generator, withErrorTable } from './error-table.ts';

describe('the table of error codes', () => {
  it('in docs/api.md is the one that the code makes', async () => {
    const [committed] = filesMatching('docs/api.md');
    expect((await generator.files()).get('docs/api.md')).toBe(committed?.text);
  });

  it('has one row for each code, between its marks, and leaves the rest alone', () => {
    const text = withErrorTable('before\n<!-- errors: generated, do not edit -->\nold\n<!-- errors: end -->\nafter\n');
    expect(text.split('\n').filter((line) => /^\| \d{3} /.test(line))).toHaveLength(errorCodes.length);
    expect([text.startsWith('before\n'), text.endsWith('\nafter\n'), text.includes('old')]).toEqual([true, true, false]);
  });

  it('is not written where the marks are gone', () => {
    expect(() => withErrorTable('# The HTTP API\n')).toThrow('docs/api.md has lost its marks');
  });
});
