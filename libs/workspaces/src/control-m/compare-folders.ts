import { diffJobs, type JobDifferences } from '@guildhall/control-m';
import { notFound } from '@guildhall/resources';
import type { WorkspaceModel } from './workspace-model.ts';

/** A folder's text and what it means. Throws NOT_FOUND. */
const versionOf = (model: WorkspaceModel, id: string) => {
  const found = model.folderModels.find(({ row }) => row.id === id.toLowerCase());
  if (found?.container === undefined) throw notFound('folder');
  return { source: found.row.definition, folder: found.container };
};

/** The differences of a folder from another one, or from an empty one, job by job. Throws NOT_FOUND. */
export const compareFolders = (
  model: WorkspaceModel,
  query: { readonly folderId: string; readonly with?: string },
): JobDifferences => {
  const later = versionOf(model, query.folderId);
  if (query.with !== undefined) return diffJobs(versionOf(model, query.with), later);
  const { node } = later.folder;
  const empty = { ...later.folder, jobs: [], subfolders: [], flows: [], node: { ...node, members: [] } };
  return diffJobs({ ...later, folder: empty }, later);
};
