import { createHash } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { isRepeating } from '@guildhall/repeat';
import { DatabaseError } from 'pg';
import { BackendTerminatedError, createDriverFactory, type DriverCommand, type DriverFactory } from 'slonik';
import { statementSpan, tracedWithin } from '@guildhall/tracing';
import { UnreadableValue } from './values.ts';
import { openSession, type DatabaseSession, type DatabaseSessionOptions } from './database-session.ts';

export interface PoolDriver {
  readonly factory: DriverFactory;
  /** The number of open connections that the pool has taken over. */
  size(): number;
  /** The number of statements that the server has answered. */
  answered(): number;
  /** Closes every connection at once: running statements fail. */
  destroyAll(): void;
}

/**
 * The diagnostics channel that publishes `{ text, isRepeated, applicationName }` for each statement that is sent. `isRepeated`: by a polling
 * loop; `applicationName`: the name of its connection.
 */
const statements = channel('guildhall.db.statement');

const namedStatementsMax = 300;
/** Added to the server's statement time-out: the client gives up only if the server does not cancel the statement itself. */
const silenceMs = 1_000;

/**
 * Statements with parameters are prepared under a name once per connection, so that the server parses and plans them
 * once. Beyond the bound (texts that are put together from parts) they go unnamed.
 */
const createStatementNames = (): ((text: string) => string | undefined) => {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= namedStatementsMax) return known;
    const name = `g${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
    names.set(text, name);
    return name;
  };
};

/** Errors of the server and of unreadable values pass unchanged; any other error means that the connection is lost. */
const wrap = (error: unknown): Error => {
  if (error instanceof DatabaseError || error instanceof UnreadableValue) return error;
  return new BackendTerminatedError(error instanceof Error ? error : new Error(String(error)));
};

const run = async (
  session: DatabaseSession,
  text: string,
  values: readonly unknown[] | undefined,
  name: string | undefined,
  timeoutMs: number,
) => {
  try {
    const result = await session.query(text, {
      timeoutMs,
      ...(values === undefined ? {} : { values }),
      ...(name === undefined ? {} : { name }),
    });
    return {
      command: result.command as DriverCommand,
      fields: result.fields.map((field) => ({ dataTypeId: field.dataTypeID, name: field.name })),
      rowCount: result.rowCount,
      rows: result.rows as Record<string, unknown>[],
    };
  } catch (error) {
    throw wrap(error);
  }
};

export interface PoolDriverOptions extends Omit<DatabaseSessionOptions, 'onLost'> {
  /** Called when `size` has grown. */
  readonly onOpened: () => void;
}

type CreatePoolClient = Awaited<ReturnType<Parameters<typeof createDriverFactory>[0]>>['createPoolClient'];

interface PoolClientParts {
  readonly options: Omit<DatabaseSessionOptions, 'onLost'>;
  readonly onConnected: (session: DatabaseSession) => void;
  /** Called when the connection is lost or about to be closed. */
  readonly onGone: (session: DatabaseSession) => void;
  readonly onAnswered: () => void;
}

/** One connection of slonik's pool, on a session of this package. */
const poolClientOn = ({ options, onConnected, onGone, onAnswered }: PoolClientParts): CreatePoolClient => {
  const nameOf = createStatementNames();
  const { applicationName } = options;
  const timeoutMs = options.statementTimeoutMs + silenceMs;
  return async ({ clientEventEmitter }) => {
    let session: DatabaseSession | undefined;
    // slonik removes its listener when it releases a client for good. A connection may be lost after that, and an error
    // event without a listener would end the process.
    clientEventEmitter.on('error', () => {});
    return {
      connect: async () => {
        let isLost = false;
        session = await openSession({
          ...options,
          onLost: (error) => {
            isLost = true;
            if (session !== undefined) onGone(session);
            clientEventEmitter.emit('error', wrap(error));
          },
        });
        if (!isLost) onConnected(session);
      },
      end: async () => {
        if (session === undefined) return;
        onGone(session);
        await session.end();
      },
      query: async (text, values) => {
        if (session === undefined) throw new BackendTerminatedError(new Error('The connection is not open.'));
        const [open, name] = [session, values?.length ? nameOf(text) : undefined];
        if (statements.hasSubscribers) statements.publish({ text, isRepeated: isRepeating(), applicationName });
        const result = await tracedWithin(
          () => statementSpan('postgresql', text),
          () => run(open, text, values, name, timeoutMs),
        );
        onAnswered();
        return result;
      },
      stream: () => {
        throw new Error('Streams are not part of this driver: read page by page.');
      },
    };
  };
};

/** The driver of slonik's pool on sessions of this package: real time-outs, prepared statements, and no query for types at start. */
export const createPoolDriver = ({ onOpened, ...options }: PoolDriverOptions): PoolDriver => {
  const sessions = new Set<DatabaseSession>();
  const usable = new Set<DatabaseSession>();
  let answered = 0;
  const forget = (session: DatabaseSession): void => {
    sessions.delete(session);
    usable.delete(session);
  };
  const add = (session: DatabaseSession): void => {
    sessions.add(session);
    // slonik has taken the connection over by then, so that a request admitted for it finds it.
    setImmediate(() => {
      if (!sessions.has(session)) return;
      usable.add(session);
      onOpened();
    });
  };
  const createPoolClient = poolClientOn({ options, onConnected: add, onGone: forget, onAnswered: () => (answered += 1) });
  return {
    factory: createDriverFactory(() => Promise.resolve({ createPoolClient })),
    size: () => usable.size,
    answered: () => answered,
    destroyAll: () => {
      for (const session of sessions) {
        session.destroy();
        forget(session);
      }
    },
  };
};
