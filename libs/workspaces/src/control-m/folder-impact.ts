import type { ControlMImpact } from '@guildhall/contracts';
import { impactOf, isHarmless, partsOf, replaceFolder, type Container, type Jobs, type ObjectNode } from '@guildhall/control-m';
import { AppError } from '@guildhall/errors';
import { pointerPart } from '@guildhall/control-m';
import type { StoredFolder } from '../workspace-store.ts';
import { understandFolder, type WorkspaceModel } from './workspace-model.ts';

/** A folder as an edit would leave it; undefined for its deletion. */
export interface FolderEdit {
  readonly name?: string | undefined;
  readonly definition?: string | undefined;
}

const outermost = (path: string): string => path.split('/', 1)[0] ?? '';

/** Finds what starts something by the name of a folder that would be gone. */
const lostStarts = (jobs: Jobs, gone: string): readonly string[] =>
  partsOf(jobs)
    .filter(({ path, runs }) => outermost(path) !== pointerPart(gone) && runs.some(({ folder }) => folder === gone))
    .map(({ path }) => path);

const defaultsOf = ({ folderModels }: WorkspaceModel, id: string): ObjectNode | undefined =>
  folderModels.find(({ row }) => row.id === id)?.defaults;

/** The folders with one of them under another name, so that its jobs are compared with themselves. */
const renamedIn = (model: WorkspaceModel, { id, name, definition }: StoredFolder, next: string): Jobs => {
  if (next === name) return model;
  const renamed = understandFolder(next, definition, defaultsOf(model, id));
  return renamed === undefined ? model : replaceFolder(model, name, renamed);
};

/** Finds what an edit of a folder, or its deletion, does to everything else in the workspace. */
export const folderImpact = (model: WorkspaceModel, row: StoredFolder, edit: FolderEdit | undefined): ControlMImpact => {
  const name = edit?.name ?? row.name;
  const before = renamedIn(model, row, name);
  const next: Container | undefined =
    edit === undefined ? undefined : understandFolder(name, edit.definition ?? row.definition, defaultsOf(model, row.id));
  const impact = impactOf(before, replaceFolder(before, name, next));
  const isGone = edit === undefined || name !== row.name;
  const starts = isGone ? lostStarts(model, row.name) : [];
  return {
    isHarmless: isHarmless(impact) && starts.length === 0,
    ...impact,
    lostStarts: [...starts],
    staysDeployed: isGone ? [row.name] : [],
  } as ControlMImpact;
};

/** Finds what deleting a document does to everything else: the jobs beside its folders go with it, its folders stay. */
export const documentImpact = (model: WorkspaceModel, documentId: string): ControlMImpact => {
  const left = model.documentModels.filter(({ row }) => row.id !== documentId);
  const impact = impactOf(model, {
    folders: model.folders,
    looseJobs: left.flatMap(({ looseJobs }) => looseJobs),
    looseFlows: left.flatMap(({ looseFlows }) => looseFlows),
  });
  return {
    isHarmless: isHarmless(impact),
    ...impact,
    lostStarts: [] as string[],
    staysDeployed: [] as string[],
  } as ControlMImpact;
};

const refusalsToldMax = 100;

/** Throws CONFLICT, with what refers to something that is to be deleted, unless nothing does. */
export const requireUnreferenced = (
  { waitForEver, lostPredecessors, lostStarts: starts }: ControlMImpact,
  refersTo: string,
): void => {
  const errors = [
    ...waitForEver.map(({ path }) => ({ path: `/${path}`, message: 'would wait for ever' })),
    ...lostPredecessors.map(({ from, to }) => ({ path: `/${to}`, message: `would no longer wait for ${from}` })),
    ...starts.map((path) => ({ path: `/${path}`, message: 'would start nothing' })),
  ];
  if (errors.length === 0) return;
  throw new AppError('CONFLICT', `${refersTo} Delete it with force=true if that is meant.`, {
    errors: errors.slice(0, refusalsToldMax),
  });
};
