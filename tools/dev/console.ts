import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeFileAtomically } from '@guildhall/files';
import { filesMatching, repositoryRoot } from '../source/repository.ts';
import { sentenceOf } from './shown.ts';

/** The address that opens the console as this machine's user: its token stands behind `#`, which is sent to no server. */
export const consoleAddress = (gateway: string, localTokenFile: string): string =>
  `${gateway}/#/local/${readFileSync(localTokenFile, 'utf8').trim()}`;

/** The folder that the gateway serves the console from. */
const builtFolder = join(repositoryRoot, 'web', 'dist');
const stampFile = join(builtFolder, '.built-from');
const buildMsMax = 180_000;

/** The digest of everything that the console is built from. */
const sourcesOf = (): string => {
  const hash = createHash('sha256');
  for (const { path, text } of filesMatching('web/**', 'web/.*', 'pnpm-lock.yaml')) hash.update(`${path}\0${text}\0`);
  return hash.digest('base64url');
};

const isBuiltFrom = (sources: string): boolean => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sources;

/**
 * Builds the console unless it was built from the same sources. The new files are made beside the old ones and take their place at
 * the end. Rejects with what the build said when it fails.
 */
export const buildConsole = async (onNote: (line: string) => void): Promise<void> => {
  const sources = sourcesOf();
  if (isBuiltFrom(sources)) return;
  onNote('Building the console');
  const out = join(repositoryRoot, 'web', `.dist-${process.pid}`);
  try {
    const vite = join(repositoryRoot, 'web', 'node_modules', 'vite', 'bin', 'vite.js');
    await promisify(execFile)(process.execPath, [vite, 'build', join(repositoryRoot, 'web'), '--logLevel', 'warn'], {
      env: { ...process.env, CONSOLE_OUT: out },
      timeout: buildMsMax,
    });
    writeFileAtomically(join(out, '.built-from'), sources, { mode: 0o644, isDurable: false });
    rmSync(builtFolder, { recursive: true, force: true });
    renameSync(out, builtFolder);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};

/** Builds the console for a launcher, which goes on without one where that fails, and says so. */
export const offerConsole = async (onNote: (line: string) => void): Promise<void> => {
  try {
    await buildConsole(onNote);
  } catch (error) {
    onNote(`The console could not be built, the API works without it: ${sentenceOf(error)}`);
  }
};
