import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { serviceProcessNames } from './outage-stack.ts';

/** The log lines of each service with their counts, without the access log. */
export type LogLines = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Line {
  readonly level?: number;
  readonly msg?: string;
  readonly route?: string;
}

const textOf = (line: string): string | null => {
  try {
    const { msg = '', route } = JSON.parse(line) as Line;
    if (msg !== 'answered') return msg;
    return route?.startsWith('/v1/') === true || route?.startsWith('/internal/') === true ? null : `answered ${route ?? ''}`;
  } catch {
    return line.slice(0, 100);
  }
};

/** Remembers where the logs end now. */
export const readLines = (logFolder: string): { since(): LogLines } => {
  const files = serviceProcessNames.map((name) => ({ name, file: join(logFolder, `${name}.log`) }));
  const ends = new Map(files.map(({ name, file }) => [name, statSync(file).size]));
  const since = (): LogLines =>
    Object.fromEntries(
      files.map(({ name, file }) => {
        const lines = readFileSync(file).subarray(ends.get(name)).toString('utf8').split('\n');
        const counts: Record<string, number> = {};
        for (const line of lines) {
          const text = line === '' ? null : textOf(line);
          if (text !== null) counts[text] = (counts[text] ?? 0) + 1;
        }
        return [name, counts];
      }),
    );
  return { since };
};
