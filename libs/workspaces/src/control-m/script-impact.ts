import { communityRoleMay, type ScriptImpact, type ScriptSummary } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireFound, requireRole, requireVersion, type RequestContext, type VersionCondition } from '@guildhall/resources';
import { findDocument, type DocumentKind, type DocumentPath } from '../documents.ts';
import type { WorkspaceParts } from '../parts.ts';
import type { ScriptTypes } from '../workspace-store.ts';
import { allScripts, linksOf, type FoundJob } from './find-jobs.ts';

/** Tells whether a job runs a script of one of these names, whatever other scripts there are. */
const isNamed = (jobs: readonly FoundJob[], script: ScriptSummary, names: readonly string[]): boolean =>
  linksOf(
    jobs,
    names.map((name) => ({ ...script, name })),
  ).some(({ scriptId }) => scriptId !== null);

type Relinked = ScriptImpact['lostScripts'][number];

const relinkedJobs = (
  jobs: readonly FoundJob[],
  before: readonly ScriptSummary[],
  after: readonly ScriptSummary[],
): readonly Relinked[] => {
  const next = linksOf(jobs, after);
  return linksOf(jobs, before).flatMap(({ path, fileName, scriptId: from }, index) => {
    const to = next[index]?.scriptId ?? null;
    return from === to ? [] : [{ path, fileName, from, to }];
  });
};

const impactOfLinks = (relinked: readonly Relinked[]): ScriptImpact => {
  const lostScripts = relinked.filter(({ to }) => to === null);
  const foundScripts = relinked.filter(({ from }) => from === null);
  const otherScripts = relinked.filter(({ from, to }) => from !== null && to !== null);
  return { isHarmless: lostScripts.length + otherScripts.length === 0, lostScripts, otherScripts, foundScripts };
};

/**
 * Finds the jobs that would run another script, or none, once a script has another name or is gone (`undefined`). Throws NOT_FOUND,
 * UNPROCESSABLE.
 */
const scriptImpact = async (
  parts: WorkspaceParts,
  userId: string,
  script: ScriptSummary,
  name: string | undefined,
): Promise<ScriptImpact> => {
  const { store } = parts;
  const stored = await requireFound('workspace', store.controlM.readAll(userId, script.workspaceId));
  const jobs = await parts.analyse(userId, 'allJobs', stored, undefined);
  const isTouched = name !== script.name && isNamed(jobs, script, [script.name, ...(name === undefined ? [] : [name])]);
  if (!isTouched) return impactOfLinks([]);
  const before = await allScripts(store, userId, script.workspaceId);
  const after = before.flatMap((each) => {
    if (each.id !== script.id) return [each];
    return name === undefined ? [] : [{ ...each, name }];
  });
  return impactOfLinks(relinkedJobs(jobs, before, after));
};

interface ScriptChange {
  readonly path: DocumentPath;
  readonly verb: 'update' | 'delete';
  readonly ifMatch: VersionCondition;
}

/** The script at the version that the caller read, for whoever may change it. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
const findForChange = async (kind: DocumentKind<ScriptTypes>, context: RequestContext, { path, verb, ifMatch }: ScriptChange) => {
  const found = await findDocument(kind, context, path);
  const { item, communityId, role } = found;
  const draft = { action: `script.${verb}`, resource: { type: 'script', id: item.id, name: item.name }, communityId };
  await requireRole(context, role, `script:${verb}`, draft);
  requireVersion(item.version, ifMatch);
  return { ...found, draft };
};

/**
 * The blast radius of another name for a script, or of its deletion, and its version. Throws NOT_FOUND, FORBIDDEN,
 * VERSION_MISMATCH, UNPROCESSABLE.
 */
export const previewScriptChange = async (
  kind: DocumentKind<ScriptTypes>,
  context: RequestContext,
  parts: WorkspaceParts,
  change: ScriptChange & { readonly name?: string | undefined },
): Promise<{ readonly body: ScriptImpact; readonly version: number }> => {
  const { item, role, draft } = await findForChange(kind, context, change);
  await requireRole(context, role, 'control-m:read', draft);
  const name = change.verb === 'delete' ? undefined : (change.name ?? item.name);
  return { body: await scriptImpact(parts, context.caller.userId, item, name), version: item.version };
};

const refusalsToldMax = 100;

/**
 * Throws CONFLICT, with the jobs that run a script, unless none does; NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, UNPROCESSABLE. Whoever may
 * not read Control-M is told of no job, and not held up by one.
 */
export const requireUnusedScript = async (
  kind: DocumentKind<ScriptTypes>,
  context: RequestContext,
  parts: WorkspaceParts,
  change: Omit<ScriptChange, 'verb'>,
): Promise<void> => {
  const { item, role } = await findForChange(kind, context, { ...change, verb: 'delete' });
  if (!communityRoleMay(role, 'control-m:read')) return;
  const { lostScripts, otherScripts } = await scriptImpact(parts, context.caller.userId, item, undefined);
  const errors = [
    ...lostScripts.map(({ path }) => ({ path: `/${path}`, message: 'would have no script' })),
    ...otherScripts.map(({ path }) => ({ path: `/${path}`, message: 'would run another script' })),
  ];
  if (errors.length === 0) return;
  const detail = 'Control-M jobs of this workspace run this script. Delete it with force=true if that is meant.';
  throw new AppError('CONFLICT', detail, { errors: errors.slice(0, refusalsToldMax) });
};
