import { readOrExit } from '@guildhall/http';
import { readRepairConfig } from '../config.ts';
import { runRepair } from '../wire/audit-repair.ts';

/** The command that accepts an audit log that is refused, or deletes planted rows; without a reason it says what it would do. */
const config = readOrExit(() => readRepairConfig(process.env));
try {
  for await (const line of runRepair(config)) process.stdout.write(`${line}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
