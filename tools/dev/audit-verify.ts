import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Connection } from '@guildhall/db';
import { createFileAtomically } from '@guildhall/files';
import { readAuditTrail } from './audit-trail.ts';
import { dataFolder } from './folders.ts';
import { onSchema } from './on-database.ts';
import { proveTrail, readUnsigned, unsignedSecondsMax } from './prove-trail.ts';
import { allowClosedOutput } from './quiet.ts';
import { findRunning } from './running.ts';
import { sentenceOf } from './shown.ts';

/**
 * `make audit-verify` without an export: proves the trail of DATABASE_URL, or of the running stack. It keeps every
 * checkpoint that it finds whole, and the first key that it saw, in the data folder: the next run holds the trail to
 * these. Whoever can write to that folder too should keep copies elsewhere.
 */
const folder = join(dataFolder, 'audit-verify');
const kept = join(folder, 'checkpoints');

const databaseUrl = (): string => {
  const given = process.env['DATABASE_URL'] ?? '';
  const url = given === '' ? findRunning(dataFolder)?.databaseUrl : given;
  if (url === undefined) {
    throw new Error('Nothing runs here: make up, or DATABASE_URL=…, or EXPORT=… CHECKPOINT=… KEY=….');
  }
  return url;
};

const keepOnce = (file: string, text: string): string => {
  createFileAtomically(file, text);
  return file;
};

/** Checkpoints that proved whole. A hidden file is what a write that was killed has left. */
const keptCheckpoints = (): readonly string[] =>
  readdirSync(kept).flatMap((name) => (name.startsWith('.') ? [] : [join(kept, name)]));

/** The checkpoints of `--older FILE`. */
const olderFrom = (args: readonly string[]): readonly string[] =>
  parseArgs({ args: [...args], options: { older: { type: 'string', multiple: true }, json: { type: 'boolean' } } }).values
    .older ?? [];

/** A log that has no checkpoint, or no key, and was not kept before: it is new, or what was signed is gone. */
const judgeUnsigned = async (connection: Connection): Promise<number> => {
  const { count, oldestSeconds } = await readUnsigned(connection, 0);
  if ((oldestSeconds ?? 0) <= unsignedSecondsMax) throw new Error('The audit log has not signed a checkpoint yet.');
  const since = `the oldest event stands there for ${Math.round(oldestSeconds ?? 0)} s`;
  process.stdout.write(`unsigned: the log has ${count} events and no checkpoint, or no key, though ${since}.\n`);
  return 1;
};

const prove = async (connection: Connection): Promise<number> => {
  mkdirSync(kept, { recursive: true });
  const args = process.argv.slice(2);
  const older = [...keptCheckpoints(), ...olderFrom(args)];
  const trail = await readAuditTrail(connection);
  if (trail === null) {
    if (older.length === 0) return await judgeUnsigned(connection);
    process.stdout.write(
      'rolled back: checkpoints were kept of this log, and its database knows no checkpoint, or no key, any more.\n',
    );
    return 1;
  }
  const key = readFileSync(keepOnce(join(folder, 'key'), `${trail.key}\n`), 'utf8').trim();
  const { stdout: out, stderr: err } = process;
  const code = await proveTrail({ connection, trail, folder, key, older, isJson: args.includes('--json'), out, err });
  if (code === 0) keepOnce(join(kept, String(trail.size)), trail.checkpoint);
  return code;
};

allowClosedOutput();
try {
  process.exitCode = await onSchema(databaseUrl(), 'audit', ({ connection }) => prove(connection));
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 2;
}
