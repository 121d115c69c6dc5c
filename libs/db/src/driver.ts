import { createHash } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { DatabaseError } from 'pg';
import { BackendTerminatedError, createDriverFactory, type DriverCommand, type DriverFactory } from 'slonik';
import { UnreadableValue } from './values.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';

export interface PoolDriver {
  readonly factory: DriverFactory;
  /** How many connections are open and have been handed to the pool. */
  size(): number;
  /** How many statements the server has answered. */
  answered(): number;
  /** Cuts every connection at once: every statement under way fails. */
  destroyAll(): void;
}

/** Whoever counts statements subscribes here: `{ text }` for each one that is sent. */
const statements = channel('guildhall.db.statement');

const namedStatementsMax = 300;
/** The server should end a statement first; only when it is silent do we. */
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

/** What the server says passes as it is, and so does a value that cannot be read; anything else means that the connection is gone. */
const wrap = (error: unknown): Error => {
  if (error instanceof DatabaseError || error instanceof UnreadableValue) return error;
  return new BackendTerminatedError(error instanceof Error ? error : new Error(String(error)));
};

const run = async (
  session: Session,
  text: string,
  values: readonly unknown[] | undefined,
  name: string | undefined,
  timeoutMs: number,
) => {
  if (statements.hasSubscribers) statements.publish({ text });
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

export interface PoolDriverOptions extends Omit<SessionOptions, 'onLost'> {
  /** Called when `size` has grown. */
  readonly onOpened: () => void;
}

/** slonik's pool on our sessions: real time-outs, prepared statements, no question about types on each start. */
export const createPoolDriver = ({ onOpened, ...options }: PoolDriverOptions): PoolDriver => {
  const sessions = new Set<Session>();
  const usable = new Set<Session>();
  let answered = 0;
  const forget = (session: Session): void => {
    sessions.delete(session);
    usable.delete(session);
  };
  const add = (session: Session): void => {
    sessions.add(session);
    // By then slonik has taken it over, so that whoever is let in for its sake finds it.
    setImmediate(() => {
      if (!sessions.has(session)) return;
      usable.add(session);
      onOpened();
    });
  };
  const nameOf = createStatementNames();
  const timeoutMs = options.statementTimeoutMs + silenceMs;
  const factory = createDriverFactory(async () => ({
    createPoolClient: async ({ clientEventEmitter }) => {
      let session: Session | undefined;
      // slonik stops listening when it gives a client up. A connection that is lost after that is nobody's loss, and an
      // error without a listener would end the process.
      clientEventEmitter.on('error', () => {});
      const current = (): Session => {
        if (session === undefined) throw new BackendTerminatedError(new Error('The connection is not open.'));
        return session;
      };
      return {
        connect: async () => {
          let isLost = false;
          session = await openSession({
            ...options,
            onLost: (error) => {
              isLost = true;
              if (session !== undefined) forget(session);
              clientEventEmitter.emit('error', wrap(error));
            },
          });
          if (!isLost) add(session);
        },
        end: async () => {
          if (session === undefined) return;
          forget(session);
          await session.end();
        },
        query: async (text, values) => {
          const result = await run(current(), text, values, values?.length ? nameOf(text) : undefined, timeoutMs);
          answered += 1;
          return result;
        },
        stream: () => {
          throw new Error('Streams are not part of this driver: read page by page.');
        },
      };
    },
  }));
  return {
    factory,
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
