import { describe, expect, it } from 'vitest';
import { filesMatching } from '../source/repository.ts';
import { generator, withNouns } from './service-nouns.ts';

const names = ['tables', 'routes', 'audit actions'];
const marked = (text: string) =>
  `before\n${names.map((name) => `<!-- ${name}: generated, do not edit -->\n${text}\n<!-- ${name}: end -->`).join('\n')}\nafter\n`;

describe('what the page of a service lists of its nouns', () => {
  const text = withNouns(marked('stale line'));

  it('is its tables, its routes with the page of their feature, and its audit actions', () => {
    expect(text).toContain('`polls`');
    expect(text).toContain(
      '- [poll](../../docs/features/polls.md): `GET,POST /v1/communities/:id/polls` · `GET,PATCH,DELETE …/:id`',
    );
    expect(text).toMatch(/`poll\.(?:\w+\|)*close/);
    expect(text).not.toContain('/v1/users');
  });

  it('stands between its marks, and the rest is left alone', () => {
    expect([text.startsWith('before\n'), text.endsWith('\nafter\n'), text.includes('stale line')]).toEqual([true, true, false]);
  });

  it('is not written where a mark is missing', () => {
    expect(() => withNouns(marked('stale line').replace('<!-- routes: end -->', ''))).toThrow(
      'has lost its marks "<!-- routes: generated',
    );
  });

  it('is what the code makes', async () => {
    const files = await generator.files();
    for (const [file, made] of files) expect(filesMatching(file).map((found) => found.text)).toEqual([made]);
    expect(files.size).toBe(1);
  });
});
