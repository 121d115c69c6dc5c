import { findingsMax } from '@guildhall/contracts';
import { checkJobs, locate, surroundingsOf, type CheckContext, type Finding } from '@guildhall/control-m';
import type { DocumentModel, FolderModel, WorkspaceModel } from './workspace-model.ts';

const findingsOf = ({ row, container, defaults }: FolderModel, context: CheckContext): readonly Finding[] =>
  container === undefined
    ? []
    : locate(row.definition, checkJobs({ folders: [container], looseJobs: [] }, { ...context, defaults }));

/** The findings in what stands beside the folders of a document. */
const looseFindingsOf = ({ row, defaults, looseJobs, looseFlows }: DocumentModel, context: CheckContext): readonly Finding[] =>
  looseJobs.length + looseFlows.length === 0
    ? []
    : locate(row.source, checkJobs({ folders: [], looseJobs, looseFlows }, { ...context, defaults }));

/** Takes findings up to the most that are told. */
const createBudget = () => {
  let left = findingsMax;
  return (findings: readonly Finding[]): readonly Finding[] => {
    const told = findings.slice(0, left);
    left -= told.length;
    return told;
  };
};

const count = (findings: readonly Finding[], severity: Finding['severity']): number =>
  findings.filter((finding) => finding.severity === severity).length;

/** The findings in a workspace, folder by folder and document by document, and how many there are. */
export const checkWorkspace = (model: WorkspaceModel) => {
  const context = { surroundings: surroundingsOf(model), namingRules: model.namingRules };
  const inFolders = model.folderModels.map((folder) => ({ row: folder.row, findings: findingsOf(folder, context) }));
  const inDocuments = model.documentModels.map((document) => ({
    row: document.row,
    findings: looseFindingsOf(document, context),
  }));
  const all = [...inFolders, ...inDocuments].flatMap(({ findings }) => findings);
  const take = createBudget();
  const told = <T extends { readonly findings: readonly Finding[] }>(found: readonly T[]): readonly T[] =>
    found.map((each) => ({ ...each, findings: take(each.findings) })).filter(({ findings }) => findings.length > 0);
  return {
    folders: told(inFolders).map(({ row, findings }) => ({ folderId: row.id, name: row.name, findings })),
    documents: told(inDocuments).map(({ row, findings }) => ({ documentId: row.id, name: row.name, findings })),
    errors: count(all, 'error'),
    warnings: count(all, 'warning'),
    notes: count(all, 'note'),
  };
};
