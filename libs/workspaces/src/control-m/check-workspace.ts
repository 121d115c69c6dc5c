import { findingsMax } from '@guildhall/contracts';
import { checkJobs, locate, type Finding } from '@guildhall/control-m';
import type { FolderModel, WorkspaceModel } from './workspace-model.ts';

const findingsOf = (model: WorkspaceModel, { row, container, defaults }: FolderModel): readonly Finding[] => {
  if (container === undefined) return [];
  const context = { defaults, everything: model, namingRules: model.namingRules };
  return locate(row.definition, checkJobs({ folders: [container], looseJobs: [] }, context));
};

const count = (findings: readonly Finding[], severity: Finding['severity']): number =>
  findings.filter((finding) => finding.severity === severity).length;

/** The findings in the folders of a workspace, folder by folder, and how many there are. */
export const checkWorkspace = (model: WorkspaceModel) => {
  const found = model.folderModels.map((folder) => ({ row: folder.row, findings: findingsOf(model, folder) }));
  const all = found.flatMap(({ findings }) => findings);
  let left = findingsMax;
  const folders = found.flatMap(({ row, findings }) => {
    const told = findings.slice(0, left);
    left -= told.length;
    return told.length === 0 ? [] : [{ folderId: row.id, name: row.name, findings: told }];
  });
  return { folders, errors: count(all, 'error'), warnings: count(all, 'warning'), notes: count(all, 'note') };
};
