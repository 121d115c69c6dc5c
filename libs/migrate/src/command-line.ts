import { parseArgs } from 'node:util';
import { commands, commandNames, type CommandName } from './commands.ts';
import { helpOf, usage } from './help.ts';
import { UsageError } from './usage-error.ts';

export interface CommandLine {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Prints a line of output. */
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
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

const run = async ({ args, env, print }: CommandLine): Promise<void> => {
  const { positionals, values } = readArguments(args);
  const [command, ...rest] = positionals;
  if (values.help === true) {
    print(isCommand(command) ? helpOf(command) : usage);
    return;
  }
  if (!isCommand(command) || rest.length > 0) throw new UsageError(usage);
  const { service, count, name, down: isDown = false, write: isWriting = false } = values;
  await commands[command]({ env, print, service, count, name, isDown, isWriting });
};

/** Runs a migration command. Returns the exit code: 0 done, 1 failed, 2 a wrong command. */
export const runCommandLine = async (commandLine: CommandLine): Promise<0 | 1 | 2> => {
  try {
    await run(commandLine);
    return 0;
  } catch (error) {
    commandLine.printError((error instanceof Error ? error.message : String(error)).trimEnd());
    return error instanceof UsageError ? 2 : 1;
  }
};
