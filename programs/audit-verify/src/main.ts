import { runCommand } from './command.ts';

const { argv, stdin, stdout, stderr } = process;
process.exitCode = await runCommand({ args: argv.slice(2), stdin, out: stdout, err: stderr });
