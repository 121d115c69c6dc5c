import { checkWorkspace } from './check-workspace.ts';
import { compareFolders } from './compare-folders.ts';
import { exportDocuments, type ExportForm } from './export-documents.ts';
import { filterJobs, jobsOfWorkspace, linksOf, pageByPath, type JobQuery, type LinkQuery } from './find-jobs.ts';
import { documentImpact, folderImpact, type FolderEdit } from './folder-impact.ts';
import { diffFolderVersions } from './folder-differences.ts';
import { beginDrawing, mermaidAnswer, type Drawing, type GraphQuery } from './graph-answers.ts';
import { planImport, type ImportPlanRequest } from './plan-import.ts';
import { transformDocuments, type TransformRequest } from './transform-documents.ts';
import type { StoredFolder, StoredFolderVersion } from '../workspace-store.ts';
import type { WorkspaceModel } from './workspace-model.ts';
import type { ScriptSummary } from '@guildhall/contracts';

/**
 * The analyses of all of Control-M in a workspace: pure functions of its model, which run on the event loop or in a worker thread. Their
 * arguments and results can be cloned.
 */
export const analyses = {
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
  graph: (model: WorkspaceModel, query: GraphQuery): Drawing => beginDrawing(model, query, 'graph'),
  svg: (model: WorkspaceModel, query: GraphQuery): Drawing => beginDrawing(model, query, 'svg'),
  mermaid: (model: WorkspaceModel, query: GraphQuery) => mermaidAnswer(model, query),
  compareVersions: (_model: WorkspaceModel, { from, to }: Readonly<Record<'from' | 'to', StoredFolderVersion>>) =>
    diffFolderVersions(from, to),
};

export type Analyses = typeof analyses;
export type AnalysisName = keyof Analyses;
/** The arguments of an analysis behind the model. */
/** The answer to an analysis: for a graph the text of its drawing. */
export type AnalysisAnswer<N extends AnalysisName> = ReturnType<Analyses[N]> extends Drawing ? string : ReturnType<Analyses[N]>;
export type AnalysisArguments<N extends AnalysisName> = Parameters<Analyses[N]> extends [unknown, infer A] ? A : undefined;
