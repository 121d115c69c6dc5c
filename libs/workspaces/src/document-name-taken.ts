import { AppError } from '@guildhall/errors';
import { omitUndefined } from '@guildhall/resources';

/** CONFLICT: a document of the workspace that is not deleted has this name. */
export const documentNameTaken = (cause?: unknown): AppError =>
  new AppError('CONFLICT', 'A document of this workspace has this name already.', omitUndefined({ cause }));
