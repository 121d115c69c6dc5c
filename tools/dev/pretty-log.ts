import { prettyFactory } from 'pino-pretty';

/** Log lines for people: time, level, service, message and what else the line says. What is no JSON stays as it is. */
export const createPrettyLog = ({ hasColour }: { readonly hasColour: boolean }): ((line: string) => string) =>
  prettyFactory({
    colorize: hasColour,
    singleLine: true,
    ignore: 'pid,hostname,service',
    translateTime: 'SYS:HH:MM:ss',
    messageFormat: '{service}: {msg}',
  }) as (line: string) => string;
