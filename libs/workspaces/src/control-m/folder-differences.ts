import { diffJobs, type JobDifferences } from '@guildhall/control-m';
import { AppError } from '@guildhall/errors';
import type { StoredFolderVersion } from '../workspace-store.ts';
import { understandFolder } from './workspace-model.ts';

/** A version's text and what it means. Throws UNPROCESSABLE where it cannot be understood. */
const understood = ({ name, definition, version }: StoredFolderVersion) => {
  const folder = understandFolder(name, definition);
  if (folder === undefined) {
    throw new AppError('UNPROCESSABLE', `Version ${version} of this folder cannot be read as jobs: compare its lines instead.`);
  }
  return { source: definition, folder };
};

/** The differences of two saved versions of a folder, job by job. Throws UNPROCESSABLE. */
export const diffFolderVersions = (from: StoredFolderVersion, to: StoredFolderVersion): JobDifferences =>
  diffJobs(understood(from), understood(to));
