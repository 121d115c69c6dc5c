import process from 'node:process';
import { parseArgs } from 'node:util';
import { commands, commandNames, type CommandName } from './commands.ts';
import { helpOf, usage } from './help.ts';
import { UsageError } from './usage-error.ts';

const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        service: { type: 'string' },
        count: { type: 'string' },
        name: { type: 'string' },
        down: { type: 'boolean' },
        write: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const isCommand = (name: string | undefined): name is CommandName => commandNames.some((known) => known === name);

// A reader that has seen enough (| head -3) closes the pipe: what is under way goes on to its end.
for (const out of [process.stdout, process.stderr]) {
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async (): Promise<void> => {
  const { positionals, values } = readArguments();
  const [command, ...rest] = positionals;
  if (values.help === true) {
    print(isCommand(command) ? helpOf(command) : usage);
    return;
  }
  if (!isCommand(command) || rest.length > 0) throw new UsageError(usage);
  const { service, count, name, down: isDown = false, write: isWriting = false } = values;
  await commands[command]({ env: process.env, print, service, count, name, isDown, isWriting });
};

await run().catch((error: unknown) => {
  process.stderr.write(`${(error instanceof Error ? error.message : String(error)).trimEnd()}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
