import { AppError } from '@guildhall/errors';
import { omitUndefined } from '@guildhall/resources';

/** CONFLICT: another document, or a version of one, has this id. */
export const documentIdTaken = (cause?: unknown): AppError =>
  new AppError('CONFLICT', 'The id of this document is in use already.', omitUndefined({ cause }));
