import { readOrExit } from '@guildhall/http';
import { readRolesConfig } from '../config.ts';
import { makeRoles } from '../wire/make-roles.ts';

/** The command that makes a role and a schema for each service in a new database, or sets their passwords in one that has them. */
const config = readOrExit(() => readRolesConfig(process.env));
try {
  for await (const line of makeRoles(config)) process.stdout.write(`${line}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
