import { activeTracer, statementSpan, tracedAtOnce } from '@guildhall/tracing';
import type Sqlite from 'better-sqlite3';

type Run = (...values: readonly unknown[]) => unknown;
/** The methods that answer at once. What is read row by row, is read within the spans of its readers. */
const tracedMethods = ['run', 'get', 'all'] as const;

/** Gives each statement that is prepared from now on a span within the trace of its request. Where no traces are asked for, nothing is changed. */
export const traceStatements = (sqlite: Sqlite.Database): void => {
  if (activeTracer() === undefined) return;
  const prepare = sqlite.prepare.bind(sqlite) as (text: string) => Sqlite.Statement;
  const prepareTraced = (text: string): Sqlite.Statement => {
    const statement = prepare(text);
    const methods = statement as unknown as Record<string, Run>;
    for (const name of tracedMethods) {
      const original = (methods[name] as Run).bind(statement);
      methods[name] = (...values) =>
        tracedAtOnce(
          () => statementSpan('sqlite', text),
          () => original(...values),
        );
    }
    return statement;
  };
  sqlite.prepare = prepareTraced as typeof sqlite.prepare;
};
