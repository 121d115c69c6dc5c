import process from 'node:process';
import { onSchema } from '../../tools/dev/on-database.ts';
import { sha256 } from '../../services/audit/src/clients/sha256.ts';
import { createCheckedReader, createCheckEntry } from '../../services/audit/src/core/log/integrity.ts';
import { readEveryLeaf, type LogRange } from '../../services/audit/src/core/log/log-reader.ts';
import { createLogReader } from '../../services/audit/src/store/log-reader.ts';

export interface CheckCost {
  /** Processor time of the reading process, in microseconds an event. */
  readonly readMicros: number;
  readonly checkedMicros: number;
}

const rounds = 5;

const cpuMicros = async (work: () => Promise<void>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

const readAll = async (log: Parameters<typeof readEveryLeaf>[0], range: LogRange): Promise<void> => {
  for await (const page of readEveryLeaf(log, range)) if (page.length === 0) return;
};

const onAltered = ({ leafIndex }: { readonly leafIndex: number }): never => {
  throw new Error(`The event at index ${leafIndex} is altered.`);
};

/**
 * Measures what comparing each event with its leaf hash costs: the first leaves of the log are read as an export reads them, with and
 * without the check in turn. Processor time hardly depends on what else runs. Throws when an event is altered.
 */
export const checkCost = (databaseUrl: string, leavesMax: number): Promise<CheckCost> =>
  onSchema(databaseUrl, 'audit', async ({ connection }) => {
    const plain = createLogReader(connection);
    const checked = createCheckedReader(plain, createCheckEntry({ sha256, onAltered }));
    const range = { from: 0, to: Math.min(leavesMax, await plain.size()) };
    for (const log of [plain, checked]) await readAll(log, range);
    let [readMicros, checkedMicros] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      readMicros += await cpuMicros(() => readAll(plain, range));
      checkedMicros += await cpuMicros(() => readAll(checked, range));
    }
    const events = rounds * range.to;
    return { readMicros: readMicros / events, checkedMicros: checkedMicros / events };
  });
