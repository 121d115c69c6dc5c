import { communityRoleMay, type CommunityPermission, type CommunityRole } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';

export type Noun = 'community' | 'workspace' | 'script' | 'version' | 'folder';

/** What the caller may not see answers the same as what is not there. */
export const notFound = (noun: Noun): AppError => new AppError('NOT_FOUND', `There is no such ${noun}.`);

/** A live folder of the workspace has this name. */
export const folderNameTaken = (cause?: unknown): AppError =>
  new AppError('CONFLICT', 'A folder of this workspace has this name already.', cause === undefined ? {} : { cause });

export const staleVersion = (current: number): AppError =>
  new AppError('VERSION_MISMATCH', `The current version is ${current}. Read it again and repeat your change on it.`);

/** Throws FORBIDDEN unless the role holds the permission: for someone who sees the thing but may not do that to it. */
export const mustHold = (role: CommunityRole, permission: CommunityPermission): void => {
  if (!communityRoleMay(role, permission)) {
    throw new AppError('FORBIDDEN', `Your role here, ${role}, does not include ${permission}.`);
  }
};

/** Throws VERSION_MISMATCH, naming the current version, unless it is the one that the caller saw. */
export const mustBeCurrent = (current: number, seen: number): void => {
  if (current !== seen) throw staleVersion(current);
};

export const keyUsedForAnother = (): AppError =>
  new AppError('UNPROCESSABLE', 'This Idempotency-Key was used for another request. Send a new one.');

/** Other changes kept getting ahead; nothing was stored. */
export const keptChanging = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'Others changed this at the same time. Try again.', { retryAfterSeconds: 1 });
