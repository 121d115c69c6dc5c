import { Client } from 'pg';

/**
 * A setup file of vitest: with TEST_ISOLATION=serializable, sessions that ask for READ COMMITTED run SERIALIZABLE, without an
 * error. That is what a CockroachDB does whose cluster has READ COMMITTED switched off (`sql.txn.read_committed_isolation.enabled`).
 * The other sessions run at the default of the server.
 */
const asked = 'ISOLATION LEVEL READ COMMITTED';
const given = 'ISOLATION LEVEL SERIALIZABLE';

const inPlaceOf = (text: unknown): unknown => (typeof text === 'string' ? text.replaceAll(asked, given) : text);

if (process.env['TEST_ISOLATION'] === 'serializable' && !Object.hasOwn(Client.prototype, 'isSerializable')) {
  const query = Client.prototype.query as (this: Client, ...given: unknown[]) => unknown;
  Object.assign(Client.prototype, {
    isSerializable: true,
    query(this: Client, text: unknown, ...rest: unknown[]) {
      return query.call(this, inPlaceOf(text), ...rest);
    },
  });
}
