import { AppError } from '@guildhall/errors';
import { omitUndefined } from '@guildhall/resources';

/** CONFLICT: a folder of the workspace that is not deleted has this name. */
export const folderNameTaken = (cause?: unknown): AppError =>
  new AppError('CONFLICT', 'A folder of this workspace has this name already.', omitUndefined({ cause }));
