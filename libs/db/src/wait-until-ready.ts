import { within } from '@guildhall/repeat';
import type { SharedDatabase } from './shared-database.ts';

const connectTimeoutMs = 10_000;

/** Waits for the database, in a command that can do nothing without it. Throws an Error when it does not answer within ten seconds. */
export const waitUntilReady = async (database: Pick<SharedDatabase, 'state' | 'onChange'>): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const resolveIfReady = (): void => void (database.state().status === 'ready' && resolve());
  const unsubscribe = database.onChange(resolveIfReady);
  resolveIfReady();
  const onTimeout = (): void => reject(new Error('The database of DATABASE_URL does not answer.'));
  await within(connectTimeoutMs, promise, onTimeout).finally(unsubscribe);
};
