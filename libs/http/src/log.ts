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
