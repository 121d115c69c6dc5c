import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { auditLogRoutes, serviceSchemas } from '@guildhall/contracts';
import { migrateUp } from '@guildhall/migrate';
import { freshDatabase, migrationsFolder, waitFor } from '@guildhall/testkit';
import { openTables } from '@guildhall/testkit/service';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { eventOf, startFixture } from '../../services/audit/test/contract/fixture.ts';
import { seedCommunity } from '../../services/team-resources/test/support/team-database.ts';
import { createRowSum, sha256, type BackupEnd, type BackupLine } from './backup-format.ts';
import { writeBackup } from './write-backup.ts';

export const events = 300;

export interface BackedUp {
  /** The address of a database with signed events, and the schemas of the other services with what is hard to carry over. */
  readonly url: string;
  readonly folder: string;
  /** A backup of it. */
  readonly file: string;
  readonly end: BackupEnd;
}

const backUp = async (folder: string): Promise<BackedUp & { close(): Promise<void> }> => {
  const file = path.join(folder, 'shared.backup.gz');
  const audit = await startFixture();
  const url = audit.database?.url ?? '';
  for (const service of ['auth', 'team-resources'] as const)
    await migrateUp({ databaseUrl: url, schema: serviceSchemas[service], folder: migrationsFolder(service) });
  const tables = await openTables('team-resources', url);
  await seedCommunity(tables);
  await tables.close();
  for (let from = 0; from < events; from += 100) await audit.report(...Array.from({ length: 100 }, () => eventOf()));
  const isSigned = async () =>
    Number((await (await fetch(`${audit.url}${auditLogRoutes.getAuditCheckpoint.path}`)).text()).split('\n')[1]) >= events;
  await waitFor(isSigned, { what: 'the events to be signed' });
  await audit.stop();
  return { url, folder, file, end: await writeBackup(url, file), close: () => audit.close() };
};

/** A database and its backup for the tests of a file. Nothing writes to it but they. */
export const useBackup = (): (() => BackedUp) => {
  let backedUp: Awaited<ReturnType<typeof backUp>> | undefined;
  beforeAll(async () => {
    backedUp = await backUp(mkdtempSync(path.join(tmpdir(), 'guildhall-backup-')));
  });
  afterAll(async () => {
    await backedUp?.close();
    if (backedUp !== undefined) rmSync(backedUp.folder, { recursive: true, force: true });
  });
  return () => {
    if (backedUp === undefined) throw new Error('The backup is made before the tests, not before that.');
    return backedUp;
  };
};

export const emptyDatabase = async (): Promise<string> => {
  const database = await freshDatabase({ services: [] });
  onTestFinished(() => database.drop());
  return database.url;
};

/** Writes another backup that is changed, and says itself that it is so unless `isHonest` is false. */
export const changedFile = ({ folder, file, end }: BackedUp, change: (text: string) => string, isHonest = false): string => {
  const lines = change(gunzipSync(readFileSync(file)).toString())
    .trimEnd()
    .split('\n');
  const changed = path.join(folder, `changed-${Math.random()}.gz`);
  writeFileSync(changed, gzipSync(`${(isHonest ? withTrueEnd(lines, end) : lines).join('\n')}\n`));
  return changed;
};

/** The lines with an end that fits them: what somebody writes who knows the format. */
const withTrueEnd = (lines: readonly string[], end: BackupEnd): readonly string[] => {
  const before = lines.slice(0, -1);
  const sums = new Map(Object.keys(end.tables).map((table) => [table, createRowSum()]));
  for (const line of before.map((text) => JSON.parse(text) as BackupLine)) if ('row' in line) sums.get(line.table)?.add(line.row);
  const tables = Object.fromEntries([...sums].map(([table, sum]) => [table, sum.digest()]));
  const digest = sha256().update(before.map((line) => `${line}\n`).join(''));
  return [...before, JSON.stringify({ end: { ...end, tables, sha256: digest.digest('hex') } })];
};
