import { readOrExit } from '@guildhall/http';
import { readRebuildConfig } from '../config.ts';
import { runRebuild } from '../wire/rebuild-app-users.ts';

/** The command that rebuilds the copies of users from auth: `node rebuild-app-users.ts [the id to go on after]`. */
const config = readOrExit(() => readRebuildConfig(process.env));
const given = process.argv[2] ?? '';
let next = given === '' ? null : given;
try {
  for await (const progress of runRebuild(config, next)) {
    ({ next } = progress);
    const { users, changed } = progress;
    process.stdout.write(
      `${users} users compared, ${changed} copies changed${next === null ? ': done' : `, on after ${next}`}\n`,
    );
  }
} catch (error) {
  const where = next === null ? '' : ` To go on: AFTER=${next}.`;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${where}\n`);
  process.exitCode = 1;
}
