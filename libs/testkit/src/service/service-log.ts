import { createLog, type Logger, type LogLevel } from '@guildhall/http';
import { catchLog } from '../failure-evidence.ts';

export interface ServiceLog {
  readonly log: Logger;
  /** Complete lines of JSON, the newest last. */
  readonly lines: string[];
}

/** A service's log in memory, whose last lines a failing test prints. */
export const catchServiceLog = (service: string, level: LogLevel = 'debug'): ServiceLog => {
  const { lines, stream } = catchLog(service);
  return { lines, log: createLog({ service, level }, stream) };
};
