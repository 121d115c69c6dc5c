import { checkWorkspace } from './check-workspace.ts';
import { compareFolders } from './compare-folders.ts';
import { exportDocuments, type ExportForm } from './export-documents.ts';
import { filterJobs, jobsOfWorkspace, linksOf, pageByPath, type JobQuery, type LinkQuery } from './find-jobs.ts';
import { documentImpact, folderImpact, type FolderEdit } from './folder-impact.ts';
import { diffFolderVersions } from './folder-differences.ts';
import { drawGraph, graphAnswer, mermaidAnswer, type GraphQuery, type LayOut } from './graph-answers.ts';
import { layoutOf } from '@guildhall/control-m';
import { planImport, type ImportPlanRequest } from './plan-import.ts';
import { transformDocuments, type TransformRequest } from './transform-documents.ts';
import type { StoredFolder, StoredFolderVersion } from '../workspace-store.ts';
import type { WorkspaceModel } from './workspace-model.ts';
import type { ScriptSummary } from '@guildhall/contracts';

/**
 * The analyses of all of Control-M in a workspace: pure functions of its model, which run on the event loop or in a worker thread. Their
 * arguments and results can be cloned.
 */
export const analysesWith = (layOut: LayOut) => ({
  check: (model: WorkspaceModel) => checkWorkspace(model),
  compare: (model: WorkspaceModel, query: { readonly folderId: string; readonly with?: string }) => compareFolders(model, query),
  export: (model: WorkspaceModel, form: ExportForm) => exportDocuments(model, form),
  jobs: (model: WorkspaceModel, query: JobQuery) => pageByPath(filterJobs(jobsOfWorkspace(model), query), query),
  allJobs: (model: WorkspaceModel) => jobsOfWorkspace(model),
  links: (model: WorkspaceModel, { scripts, query }: { readonly scripts: readonly ScriptSummary[]; readonly query: LinkQuery }) =>
    pageByPath(
      linksOf(jobsOfWorkspace(model), scripts).filter(
        ({ scriptId }) =>
          (query.scriptId === undefined || scriptId === query.scriptId.toLowerCase()) &&
          (query.state === undefined || (scriptId === null) === (query.state === 'dangling')),
      ),
      query,
    ),
  impact: (model: WorkspaceModel, { row, edit }: { readonly row: StoredFolder; readonly edit: FolderEdit | undefined }) =>
    folderImpact(model, row, edit),
  documentImpact: (model: WorkspaceModel, { documentId }: { readonly documentId: string }) => documentImpact(model, documentId),
  planImport: (model: WorkspaceModel, request: ImportPlanRequest) => planImport(model, request),
  transform: (model: WorkspaceModel, request: TransformRequest) => transformDocuments(model, request),
  graph: (model: WorkspaceModel, query: GraphQuery) => graphAnswer(model, query, layOut),
  svg: (model: WorkspaceModel, query: GraphQuery) => drawGraph(model, query, layOut),
  mermaid: (model: WorkspaceModel, query: GraphQuery) => mermaidAnswer(model, query),
  compareVersions: (_model: WorkspaceModel, { from, to }: Readonly<Record<'from' | 'to', StoredFolderVersion>>) =>
    diffFolderVersions(from, to),
});

/** The analyses with the plain layout of graphs. */
export const analyses = analysesWith(layoutOf);

export type Analyses = typeof analyses;
export type AnalysisName = keyof Analyses;
/** The arguments of an analysis behind the model. */
export type AnalysisArguments<N extends AnalysisName> = Parameters<Analyses[N]> extends [unknown, infer A] ? A : undefined;
