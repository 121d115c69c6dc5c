import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createFileAtomically, writeFileAtomically } from '@guildhall/files';
import { runCommand } from '../../programs/audit-verify/src/command.ts';
import { readAuditTrail, type AuditTrail } from './audit-trail.ts';
import { dataFolder } from './folders.ts';
import { onSchema } from './on-database.ts';
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

const prove = async (trail: AuditTrail): Promise<number> => {
  mkdirSync(kept, { recursive: true });
  // A hidden one is what a write that was killed has left.
  const older = readdirSync(kept).flatMap((name) => (name.startsWith('.') ? [] : [join(kept, name)]));
  const [checkpoint, hashes] = [join(folder, 'checkpoint'), join(folder, 'hashes')];
  writeFileAtomically(checkpoint, trail.checkpoint);
  await trail.writeHashes(hashes);
  const key = keepOnce(join(folder, 'key'), `${trail.key}\n`);
  const known = older.flatMap((file) => ['--older', file]);
  const args = ['--checkpoint', checkpoint, '--key', key, '--tiles', hashes, ...known, ...process.argv.slice(2)];
  const code = await runCommand({ args, stdin: trail.lines(), out: process.stdout, err: process.stderr });
  if (code === 0) keepOnce(join(kept, String(trail.size)), trail.checkpoint);
  return code;
};

allowClosedOutput();
try {
  process.exitCode = await onSchema(databaseUrl(), 'audit', async ({ connection }) => prove(await readAuditTrail(connection)));
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 2;
}
