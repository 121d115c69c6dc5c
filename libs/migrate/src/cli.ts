import process from 'node:process';
import { parseArgs } from 'node:util';
import { commands, commandNames, type CommandName } from './commands.ts';

const usage = `Usage: node libs/migrate/src/cli.ts <command> [--service auth|team-resources|audit|gateway] [--count N] [--name add_x]

  up       apply what is pending (every service, unless one is named)
  down     take back the last COUNT migrations of one service (default 1)
  status   what is applied and what is pending, service by service
  new      write the next pair of files of one service: --service and --name
  dump     write each service's schema.sql from its migrations, run on an empty database
  verify   each migration up, down and up again on an empty database; the result must equal schema.sql

up, down and status: DATABASE_URL names the shared database; the gateway's file is DATA_FILE (left out when it is not set).
dump and verify: DATABASE_URL names any server on which databases may be created and dropped.
`;

const readArguments = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      service: { type: 'string' },
      count: { type: 'string' },
      name: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });

const isCommand = (name: string | undefined): name is CommandName => commandNames.some((known) => known === name);

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async (): Promise<number> => {
  const { positionals, values } = readArguments();
  const [command, ...rest] = positionals;
  if (values.help === true) {
    print(usage);
    return 0;
  }
  if (!isCommand(command) || rest.length > 0) {
    process.stderr.write(usage);
    return 2;
  }
  await commands[command]({ env: process.env, print, service: values.service, count: values.count, name: values.name });
  return 0;
};

process.exitCode = await run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
