import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const channelName = 'guildhall.db.statement';

/** The message that `@guildhall/db` publishes for each statement. */
interface Sent {
  readonly text: string;
  readonly isRepeated: boolean;
}

/**
 * Runs `work` and returns the statements that this process sent to the shared database meanwhile, transactions' own
 * included. Those of polling loops are left out: a busy machine makes `work` take long, and they go on beside it.
 */
export const countStatements = async <T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly statements: readonly string[] }> => {
  const statements: string[] = [];
  const listen = (message: unknown): void => {
    const { text, isRepeated } = message as Sent;
    if (!isRepeated) statements.push(text);
  };
  subscribe(channelName, listen);
  try {
    return { result: await work(), statements };
  } finally {
    unsubscribe(channelName, listen);
  }
};
