import { AppError } from '@guildhall/errors';
import type { RequestContext } from './request-context.ts';

/**
 * Optimistic locking: every versioned row has a version number, a writer sends the one that they read (`If-Match`), and the
 * statement that writes compares it once more.
 */
export interface Versioned {
  readonly version: number;
  readonly updatedAt: string;
}

/** The fields of a row that the caller creates: version 1, made and changed at the time of the request. */
export const firstVersion = ({ at, caller }: Pick<RequestContext, 'at' | 'caller'>) =>
  ({ createdBy: caller.userId, version: 1, createdAt: at, updatedAt: at }) as const;

/** The row that an edit makes: the next version, changed at a time in ISO 8601. */
export const nextVersion = <T extends Versioned, E extends object>(current: T, edit: E, at: string): T & E => ({
  ...current,
  ...edit,
  version: current.version + 1,
  updatedAt: at,
});

/** VERSION_MISMATCH, naming the current version. */
export const versionMismatch = (current: number): AppError =>
  new AppError('VERSION_MISMATCH', `The current version is ${current}. Read it again and repeat your change on it.`);

/** The versions on which a change is conditional: those that the caller read, or `*` for any. */
export type VersionCondition = readonly number[] | '*';

/** Throws VERSION_MISMATCH unless the caller read the current version. */
export const requireVersion = (current: number, read: VersionCondition): void => {
  if (read !== '*' && !read.includes(current)) throw versionMismatch(current);
};
