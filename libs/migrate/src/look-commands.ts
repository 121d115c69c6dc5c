import {
  databaseUrlFrom,
  dataFileFrom,
  countFrom,
  servicesFrom,
  withFile,
  type Command,
  type CommandInput,
} from './command-input.ts';
import { readMigrations } from './migration-files.ts';
import { schemaStatus } from './postgres.ts';
import type { MigrationState } from './recorded.ts';
import type { MigratedService } from './services.ts';
import { sqliteSchemaStatus } from './sqlite-recorded.ts';
import { downSteps, upSteps } from './steps.ts';

interface Status {
  readonly server: string;
  readonly states: readonly MigrationState[];
  readonly fault: string | null;
}

const statusOf = async (service: MigratedService, input: CommandInput): Promise<Status> => {
  if (service.engine === 'sqlite') {
    const { version, ...rest } = withFile(dataFileFrom(input), (db) => sqliteSchemaStatus(db, service.folder));
    return { ...rest, server: `SQLite ${version}` };
  }
  const { schema, folder } = service;
  const { engine, ...rest } = await schemaStatus({ databaseUrl: databaseUrlFrom(input), schema, folder });
  return { ...rest, server: `${engine.name} ${engine.version}` };
};

/** The column of durations, which is aligned to the right. */
const takenColumn = 2;
const heads = ['migration', 'applied at', 'took', 'checksum'] as const;

const cellsOf = ({ name, appliedAt, tookMs, checksum }: MigrationState): readonly string[] => [
  name,
  appliedAt ?? 'pending',
  tookMs === null ? '-' : `${tookMs} ms`,
  checksum === 'pending' ? '-' : checksum,
];

const tableLines = (states: readonly MigrationState[]): readonly string[] => {
  const rows = [heads, ...states.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => (column === takenColumn ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd(),
  );
};

/** Prints the table of every service, and fails at the end if one of them has a fault. */
export const status: Command = async (input) => {
  const faults: string[] = [];
  for (const service of servicesFrom(input)) {
    const { server, states, fault } = await statusOf(service, input);
    const pending = states.filter(({ appliedAt }) => appliedAt === null).length;
    input.print(`${service.name}: ${states.length - pending} applied, ${pending} pending (${server})`);
    for (const line of tableLines(states)) input.print(line);
    if (fault !== null) faults.push(fault);
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
};

/** Prints the SQL that up or down would run, in order, as it stands in the files. */
export const plan: Command = async (input) => {
  const count = countFrom(input);
  for (const service of servicesFrom(input)) {
    const { server, states, fault } = await statusOf(service, input);
    if (fault !== null) throw new Error(fault);
    const migrations = readMigrations(service.folder);
    const steps = input.isDown === true ? downSteps(states, count) : upSteps(states, count);
    input.print(`-- ${service.name}: ${steps.length} to run (${server})`);
    for (const { direction, name } of steps) {
      const file = migrations.find((one) => one.name === name);
      input.print(`\n-- ${name}.${direction}.sql`);
      input.print((direction === 'up' ? file?.upSql : file?.downSql)?.trim() ?? '');
    }
  }
};
