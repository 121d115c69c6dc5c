import { pino, type DestinationStream, type Logger } from 'pino';
import { censor } from './censor.ts';

export type { Logger } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  readonly service: string;
  readonly level: LogLevel;
}

const asPlain = (error: Error): unknown => ({ ...pino.stdSerializers.err(error) });

/** One answered request, or a call that came without HTTP. */
export interface AnsweredLine {
  readonly requestId?: string;
  /** The user who calls; absent without one, and where nobody was recognized. */
  readonly userId?: string | undefined;
  readonly method: string;
  readonly route: string | undefined;
  readonly status: number;
  readonly elapsedMs: number;
}

/** Logs one answered request. Unavailability is a state: it is logged once, not as an error with every request. */
export const logAnswered = (log: Pick<Logger, LogLevel>, { elapsedMs, ...line }: AnsweredLine, isRoutine = false): void => {
  const { status } = line;
  const fields = { ...line, ms: Math.round(elapsedMs * 10) / 10 };
  if (status >= 500 && status !== 503) log.error(fields, 'answered');
  else log[isRoutine ? 'debug' : 'info'](fields, 'answered');
};

/** JSON lines on standard output, each with the service's name and an ISO 8601 time, and no secret. */
export const createLog = ({ service, level }: LogOptions, destination?: DestinationStream): Logger => {
  const options = {
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: (line: Record<string, unknown>) => censor(line) as Record<string, unknown> },
    serializers: { err: (error: unknown) => (error instanceof Error ? censor(asPlain(error)) : error) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
};
