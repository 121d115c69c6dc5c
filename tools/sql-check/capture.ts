import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { repositoryRoot } from '../source/repository.ts';
import { folderVariable } from './capture-folder.ts';

/**
 * A setup file of vitest: writes down each distinct statement that `@guildhall/db` sends while a test file runs. Workers
 * run side by side, so each writes a file of its own, at once, line by line.
 */
const folder = process.env[folderVariable];
const { testPath } = expect.getState();

/** The package of the test: `services/auth`. */
const ownerOf = (file: string): string => path.relative(repositoryRoot, file).split(path.sep).slice(0, 2).join('/');

if (folder !== undefined && testPath !== undefined) {
  const owner = ownerOf(testPath);
  const file = path.join(folder, `${process.pid}-${randomUUID()}.jsonl`);
  const seen = new Set<string>();
  subscribe('guildhall.db.statement', (message) => {
    const { text } = message as { readonly text: string };
    if (seen.has(text)) return;
    seen.add(text);
    appendFileSync(file, `${JSON.stringify({ owner, text })}\n`);
  });
}
