import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const channelName = 'guildhall.db.statement';

/** The message that `@guildhall/db` publishes for each statement. */
const textOf = (message: unknown): string =>
  typeof message === 'object' && message !== null && 'text' in message ? String(message.text) : '';

/**
 * Runs `work` and returns the statements that this process sent to the shared database meanwhile, transactions' own
 * included. Where a relay polls in the same process, leave its statements out by their text.
 */
export const countStatements = async <T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly statements: readonly string[] }> => {
  const statements: string[] = [];
  const listen = (message: unknown): void => void statements.push(textOf(message));
  subscribe(channelName, listen);
  try {
    return { result: await work(), statements };
  } finally {
    unsubscribe(channelName, listen);
  }
};
