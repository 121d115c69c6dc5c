import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../source/repository.ts';

/** A statement that a test run sent to a database, and the folder of the test: `services/auth`, `libs/db`. */
export interface Captured {
  readonly owner: string;
  readonly text: string;
}

/** Names the folder into which the workers of a test run write, each into a file of its own. */
export const folderVariable = 'GUILDHALL_STATEMENTS_FOLDER';

const foldersRoot = path.join(repositoryRoot, '.tmp/statements');

/** The templates that wrote no statement in the last run. */
export const untestedFile = path.join(foldersRoot, 'untested.txt');

/** Makes an empty folder for one run. */
export const newFolder = (): string => {
  const folder = path.join(foldersRoot, `run-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
};

/** Reads what the workers wrote, each statement once, and removes the folder. A line that a killed worker cut short is left out. */
export const takeCaptured = (folder: string): Captured[] => {
  const lines = readdirSync(folder).flatMap((file) => readFileSync(path.join(folder, file), 'utf8').split('\n'));
  rmSync(folder, { recursive: true, force: true });
  return [...new Set(lines)].filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Captured);
};
