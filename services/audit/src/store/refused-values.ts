import { sqlStateOf } from '@guildhall/db';
import { AppError } from '@guildhall/errors';

/** Class 22 data exception, 23 constraint violation, 54 a limit of the program (PostgreSQL, appendix A): the values' own fault. */
const valueFault = /^(22|23|54)/;

/** Turns the server's refusal of a value into UNPROCESSABLE; everything else passes as it is. */
export const refusedValues = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (cause) {
    const state = sqlStateOf(cause);
    if (state === undefined || !valueFault.test(state)) throw cause;
    throw new AppError('UNPROCESSABLE', `The database rejects a value of the event (${state}).`, { cause });
  }
};
