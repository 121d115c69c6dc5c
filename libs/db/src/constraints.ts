import type { AppError } from '@guildhall/errors';
import { constraintOf } from './database-errors.ts';

/** The caller's error for each named constraint or unique index that may be violated. */
export type ConstraintErrors = Readonly<Record<string, (cause: unknown) => AppError>>;

/**
 * Turns the refusal of a named constraint into the caller's error, by its name alone:
 * `const translated = translateConstraints({ uq_users_email: (cause) => new AppError('CONFLICT', '…', { cause }) });`
 * `await translated(connection.query(insert));` Everything else passes as it is.
 */
export const translateConstraints =
  (errors: ConstraintErrors) =>
  async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const name = constraintOf(error);
      const translate = name !== undefined && Object.hasOwn(errors, name) ? errors[name] : undefined;
      throw translate?.(error) ?? error;
    }
  };
