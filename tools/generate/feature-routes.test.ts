import { communityRoutes } from '@guildhall/contracts';
import { describe, expect, it } from 'vitest';
import { filesMatching } from '../source/repository.ts';
import { generator, withRoutes } from './feature-routes.ts';

const marked = (names: string) =>
  `before\n<!-- routes of ${names}: generated, do not edit -->\nold\n<!-- routes: end -->\nafter\n`;

describe('the table of routes of a feature', () => {
  it('has one row for each route of its groups, between its marks, and leaves the rest alone', () => {
    const text = withRoutes(marked('communityRoutes'));
    expect(text.split('\n').filter((line) => /^\| (GET|POST|PATCH|PUT|DELETE) /.test(line))).toHaveLength(
      Object.keys(communityRoutes).length,
    );
    expect([text.startsWith('before\n'), text.endsWith('\nafter\n'), text.includes('old')]).toEqual([true, true, false]);
  });

  it('is not written for a group that is not exported', () => {
    expect(() => withRoutes(marked('nothingRoutes'))).toThrow('exports no group nothingRoutes');
  });

  it('in docs/features is the one that the code makes', async () => {
    const files = await generator.files();
    for (const { path, text } of filesMatching('docs/features/*.md')) expect(files.get(path)).toBe(text);
    expect(files.size).toBeGreaterThan(0);
  });
});
