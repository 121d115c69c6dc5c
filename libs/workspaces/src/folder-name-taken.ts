import { AppError } from '@guildhall/errors';

/** CONFLICT: a folder of the workspace that is not deleted has this name. */
export const folderNameTaken = (cause?: unknown): AppError =>
  new AppError('CONFLICT', 'A folder of this workspace has this name already.', cause === undefined ? {} : { cause });
