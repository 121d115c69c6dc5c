import { basename, dirname } from 'node:path';
import { filesMatching } from '../source/repository.ts';
import type { LibExports } from './resolve-import.ts';

/** The exports of each library's package.json. */
export const readLibExports = (): LibExports =>
  Object.fromEntries(
    filesMatching('libs/*/package.json').map(({ path, text }) => {
      const { exports = {} } = JSON.parse(text) as { exports?: Record<string, string> };
      return [basename(dirname(path)), Object.keys(exports)];
    }),
  );
