import { DatabaseError } from 'pg';
import { isUnavailableState, retryableStates, unknownOutcomeState } from '@guildhall/engine';
import { AppError } from '@guildhall/errors';
import { BackendTerminatedError, BackendTerminatedUnexpectedlyError, ConnectionError, UnexpectedStateError } from 'slonik';

const retryAfterSeconds = 1;
const causesMax = 5;

/** The error and what caused it, outermost first. */
const causesOf = (error: unknown): readonly Error[] => {
  const causes: Error[] = [];
  for (let current = error; causes.length < causesMax && current instanceof Error; current = current.cause) causes.push(current);
  return causes;
};

/** The server's own error, however deep it is wrapped. */
const databaseErrorIn = (causes: readonly Error[]): DatabaseError | undefined =>
  causes.find((error) => error instanceof DatabaseError);

/** The server's answer to a statement. What it answers to a connection that is being opened, a wrong password or a setting, is none. */
const statementErrorIn = (error: unknown): DatabaseError | undefined => {
  const causes = causesOf(error);
  return causes.some((cause) => cause instanceof ConnectionError) ? undefined : databaseErrorIn(causes);
};

/**
 * The SQLSTATE that the server answered to a statement (PostgreSQL, appendix A), or undefined if the error is not the server's or no
 * connection could be opened.
 */
export const sqlStateOf = (error: unknown): string | undefined => statementErrorIn(error)?.code;

/** The name of the constraint or unique index that refused a row. */
export const constraintOf = (error: unknown): string | undefined => statementErrorIn(error)?.constraint;

/** Serialization failure and deadlock: rolled back for certain, and may succeed when run again. */
export const isRetryable = (error: unknown): boolean => retryableStates.includes(sqlStateOf(error) ?? '');

/** The connection was lost, could not be opened for whatever reason, or the server cannot work now. */
export const isUnavailable = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  if (state !== undefined) return state === unknownOutcomeState || isUnavailableState(state);
  return [BackendTerminatedError, BackendTerminatedUnexpectedlyError, ConnectionError, UnexpectedStateError].some(
    (lost) => error instanceof lost,
  );
};

/** The SQLSTATEs after which a connection cannot be used any more. */
export const isConnectionLost = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  return state === undefined ? isUnavailable(error) : /^(08...|57P..|25P02|25P03)$/.test(state);
};

export const unavailable = (cause?: unknown): AppError =>
  new AppError(
    'SHARED_DB_UNAVAILABLE',
    'The shared database cannot be used now. Repeat a change with the same Idempotency-Key: it may have been made.',
    { cause, retryAfterSeconds },
  );

export const notConfigured = (): AppError =>
  new AppError('NOT_CONFIGURED', 'No shared database is set up for this service.', { retryAfterSeconds });

export const outcomeUnknown = (cause: unknown): AppError =>
  new AppError(
    'SERVICE_UNAVAILABLE',
    'The connection was lost while the change was being saved, and it may have been. Repeat it with the same Idempotency-Key.',
    { cause, retryAfterSeconds },
  );

export const overloaded = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'Too many requests wait for the shared database.', { retryAfterSeconds });

export const contended = (cause: unknown): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'Too many changes of the same thing at once.', { cause, retryAfterSeconds });

/** The `detail` of a server that did not answer in time, or whose connection broke. */
export const noConnection = 'no connection';

const details: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  '28P01': 'access denied',
  '28000': 'access denied',
  '3D000': 'the database does not exist',
  '53300': 'too many connections',
  '57P03': 'the server is starting or stopping',
};

/** The `detail` of a readiness answer. Contains no address, no password and none of the server's own text. */
export const detailOf = (error: unknown): string => {
  const code = databaseErrorIn(causesOf(error))?.code ?? (error instanceof Error && 'code' in error ? String(error.code) : '');
  return details[code] ?? noConnection;
};
