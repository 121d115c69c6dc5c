import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Fields that never reach a log line, wherever they stand. */
const secretFields = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'setupToken',
  'code',
  'authorization',
  'cookie',
  'databaseUrl',
  'queueUrl',
];

export interface LogOptions {
  readonly service: string;
  /** A pino level: trace, debug, info, warn, error, fatal or silent. */
  readonly level: string;
}

/** JSON lines on standard output, each with the service's name and an ISO 8601 time. */
export const createLog = ({ service, level }: LogOptions, destination?: DestinationStream): Logger => {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: secretFields.flatMap((field) => (field === 'code' ? ['body.code'] : [field, `*.${field}`])),
      censor: '[secret]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
};
