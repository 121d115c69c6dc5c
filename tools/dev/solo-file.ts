import { join } from 'node:path';
import type { OnCopied } from '../../services/gateway/src/store/solo/backup.ts';
import { dataFolder } from './folders.ts';
import { allowClosedOutput } from './quiet.ts';
import { sentenceOf } from './shown.ts';

/** The gateway's file that a command works on. */
export const soloFile = (): string => process.env['DATA_FILE'] ?? join(dataFolder, 'solo', 'guildhall.sqlite');

/** UTC, to the millisecond, in characters that any file system takes: `20260131T083000.000Z`. */
export const compactTime = (time: Date): string => time.toISOString().replaceAll(/[-:]/g, '');

export const inMegabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Copies that are faster than this show no progress. */
const quietMs = 500;

/** Prints the progress of a copy on a terminal, in one line that is overwritten; prints nothing elsewhere. */
export const createProgress = (out: NodeJS.WriteStream): OnCopied => {
  const startedAt = performance.now();
  let shown = '';
  return (part) => {
    const percent = `${Math.floor(part * 100)} %`;
    if (!out.isTTY || percent === shown || performance.now() - startedAt < quietMs) return;
    shown = percent;
    out.write(`\rcopying ${percent}${part === 1 ? '\n' : ''}`);
  };
};

/** Runs one command: its lines to standard output, or what went wrong to standard error and exit code 1. */
export const runSoloCommand = async (command: () => Promise<readonly string[]>): Promise<void> => {
  allowClosedOutput();
  try {
    for (const line of await command()) process.stdout.write(`${line}\n`);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 1;
  }
};
