import { types } from 'pg';

/** The server sent a value that cannot be read exactly. The connection stays usable. */
export class UnreadableValue extends Error {
  override readonly name = 'UnreadableValue';
}

/** A parser for values of a PostgreSQL type: the type's oid, and a function of the text that the server sends. */
type Parse = (text: string) => unknown;

const utcTimestamp = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/;

/** ISO 8601 in UTC with milliseconds. The session's time zone is UTC. */
const readTimestamp: Parse = (text) => {
  const [, date, time, fraction = ''] = utcTimestamp.exec(text) ?? [];
  if (date === undefined || time === undefined)
    throw new UnreadableValue('A timestamptz is outside the years that ISO 8601 knows.');
  return `${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
};

/** A number, and never another one than the server's: beyond 2^53 it throws. */
const readInt8: Parse = (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new UnreadableValue('An int8 is too large to be read exactly.');
  return value;
};

/** @types/pg knows only some of the oids by name. */
const standardParser = types.getTypeParser as (oid: number, format: string) => Parse;

const asText: Parse = (text) => text;
const textArrayOid = 1009;

const arrayOf =
  (parse: Parse): Parse =>
  (text) => {
    const items = standardParser(textArrayOid, 'text')(text) as readonly (string | null)[];
    return items.map((item) => (item === null ? null : parse(item)));
  };

/** Oids are the same in every PostgreSQL and CockroachDB (pg_type.dat). */
const parsers: ReadonlyMap<number, Parse> = new Map([
  [20, readInt8],
  [1016, arrayOf(readInt8)],
  [1082, asText],
  [1114, asText],
  [1184, readTimestamp],
  [1185, arrayOf(readTimestamp)],
]);

export const valueTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): Parse =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? standardParser(oid, format ?? 'text'),
};
