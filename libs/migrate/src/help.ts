import type { CommandName } from './commands.ts';

interface CommandHelp {
  readonly options: string;
  readonly short: string;
  readonly long: string;
}

const service = '[--service auth|team-resources|audit|gateway]';

const texts: Readonly<Record<CommandName, CommandHelp>> = {
  up: {
    options: `${service} [--count N]`,
    short: 'apply what is pending (every service, unless one is named)',
    long: `Each file runs in a transaction of its own and is recorded with its checksums. Any number of processes may run it at
once: one holds the lease of the schema and works, the others wait and find nothing left to do. After a failure,
put right what it names and run it again.`,
  },
  down: {
    options: '--service NAME [--count N]',
    short: 'take back the last migrations of one service (one, unless --count says more)',
    long: 'Newest first. The rows of a table that is dropped are gone: plan --down shows what would run.',
  },
  redo: {
    options: '--service NAME [--count N]',
    short: 'take back the last migrations of one service and apply them again',
    long: 'Under one lease, so that nobody migrates in between.',
  },
  status: {
    options: service,
    short: 'what is applied, since when, how long it took, and whether the files are still the same',
    long: `Prints a table a service, with the engine and the version of its server. Ends with 1 when a file was changed, is
missing or was renumbered, when checksums are missing, or when the database is newer than this program.`,
  },
  plan: {
    options: `${service} [--down] [--count N]`,
    short: 'print the SQL that up (or, with --down, down) would run, and run nothing',
    long: 'What it prints is SQL with comments, file by file.',
  },
  new: {
    options: '--service NAME --name add_x',
    short: 'write the next pair of files of one service',
    long: 'Write their SQL, then `make generate` adds their checksums to checksums.txt. A line of that list never changes.',
  },
  draft: {
    options: '--service NAME [--write]',
    short: 'propose the pairs of files that lead to an edited schema.sql',
    long: `Edit services/NAME/schema.sql first. One change a pair, printed, or written with --write, for review. A change of type, and
another definition under the same name, are refused: they take several releases. Not for the gateway's file.
DATABASE_URL names a server on which databases may be created and dropped.`,
  },
  adopt: {
    options: service,
    short: 'take over a database that was migrated before checksums were kept, once',
    long: 'Records the checksums of the files as they are now for what is applied without any.',
  },
  dump: {
    options: service,
    short: "write each service's schema.sql from its migrations, run on an empty database",
    long: 'DATABASE_URL names a server on which databases may be created and dropped.',
  },
  verify: {
    options: service,
    short: 'each migration up, down and up again, on empty tables and on rows; the result must equal schema.sql',
    long: 'The rows are in services/*/migration-fixtures/NNNN_words.sql. DATABASE_URL names a server on which databases may be created and dropped.',
  },
};

const program = 'node libs/migrate/src/cli.ts';
const environment = `DATABASE_URL names the shared database. The gateway's file is DATA_FILE (left out when it is not set).
Exit codes: 0 done, 1 failed, 2 a wrong command.`;

export const usage = `Usage: ${program} <command> ${service} [--count N] [--name add_x]

${Object.entries(texts)
  .map(([name, { short }]) => `  ${name.padEnd(8)} ${short}`)
  .join('\n')}

${program} <command> --help tells more of one.
${environment}`;

export const helpOf = (name: CommandName): string => {
  const { options, short, long } = texts[name];
  return `Usage: ${program} ${name} ${options}\n\n${short}\n\n${long}\n\n${environment}`;
};
