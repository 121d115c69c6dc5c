import { isDeepStrictEqual } from 'node:util';
import { communityRoleMay, type ScriptSummary, type WorkspaceImport, type WorkspaceManifest } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireRole, type RequestContext } from '@guildhall/resources';
import { allScripts } from '../control-m/find-jobs.ts';
import { importDocuments, type ImportRequest } from '../control-m/import-documents.ts';
import { updateNamingRules } from '../control-m/naming-rules.ts';
import { createDocument } from '../create-document.ts';
import type { WorkspaceParts } from '../parts.ts';
import { scriptKind } from '../scripts.ts';
import { findWorkspace } from '../workspaces.ts';
import type { ArchiveContents } from './archive-files.ts';
import { readHistories, readScriptHistory } from './read-histories.ts';
import { readArchive } from './read-archive.ts';

type ManifestScript = WorkspaceManifest['scripts'][number];

const keyOf = ({ name, language, description, tags, sha256 }: ManifestScript | ScriptSummary): string =>
  JSON.stringify([name, language, description, tags, sha256]);

/** The scripts of an archive that are not in the workspace alike: of two alike, one is not enough. */
const missingScripts = (wanted: readonly ManifestScript[], there: readonly ScriptSummary[]): readonly ManifestScript[] => {
  const counts = new Map<string, number>();
  for (const script of there) counts.set(keyOf(script), (counts.get(keyOf(script)) ?? 0) + 1);
  return wanted.filter((script) => {
    const left = counts.get(keyOf(script)) ?? 0;
    counts.set(keyOf(script), left - 1);
    return left <= 0;
  });
};

/** Throws CONFLICT, with the documents, where one of them could not be imported. */
const requireImportable = (documents: WorkspaceImport['documents']): void => {
  const errors = documents.flatMap(({ name, status, findings }) => {
    const finding = findings.find(({ severity }) => severity === 'error');
    return status === 'imported' ? [] : [{ path: `/${name}`, message: finding?.message ?? 'cannot be read' }];
  });
  if (errors.length === 0) return;
  throw new AppError('CONFLICT', 'Documents of this archive do not fit into this workspace: nothing was changed.', { errors });
};

type RulesOutcome = WorkspaceImport['namingRules'];

/** Finds what becomes of the naming rules of an archive: those that a workspace has are not replaced. */
const planRules = async (
  { store }: WorkspaceParts,
  { caller: { userId } }: RequestContext,
  workspaceId: string,
  { manifest }: ArchiveContents,
): Promise<RulesOutcome> => {
  const { namingRules = [] } = manifest.workspace;
  if (namingRules.length === 0) return 'none';
  const found = await store.controlM.findNamingRules(userId, workspaceId);
  if (found !== undefined && isDeepStrictEqual(found.rules, namingRules)) return 'unchanged';
  const isFree = found?.rules.length === 0 && communityRoleMay(found.role, 'workspace:update');
  return isFree ? 'taken' : 'kept';
};

/** Throws NOT_FOUND, and FORBIDDEN unless the caller may create scripts here. */
const requireCreator = async ({ store }: WorkspaceParts, context: RequestContext, workspaceId: string): Promise<void> => {
  const { role, communityId } = await findWorkspace(store, context.caller.userId, workspaceId);
  const resource = { type: 'script', id: context.newId() };
  await requireRole(context, role, 'script:create', { action: 'script.create', resource, communityId });
};

const documentsOf = ({ manifest, texts }: ArchiveContents) =>
  manifest.documents.map(({ name, path }) => ({ name, text: texts.get(path) ?? '' }));

/**
 * Imports an archive into a workspace. All of it is checked before the first change. Scripts and folders are saved one by one: an import
 * that was cut off is completed by repeating it. Throws NOT_FOUND, FORBIDDEN, INVALID, CONFLICT, UNPROCESSABLE.
 */
export const importWorkspace = async (
  parts: WorkspaceParts,
  context: RequestContext,
  { workspaceId, archive, isDryRun }: { readonly workspaceId: string; readonly archive: Buffer; readonly isDryRun: boolean },
): Promise<WorkspaceImport> => {
  await requireCreator(parts, context, workspaceId);
  const contents = await readArchive(archive);
  const { scripts } = contents.manifest;
  const missing = missingScripts(scripts, await allScripts(parts.store, context.caller.userId, workspaceId));
  const histories = readHistories(contents.manifest, contents.texts, context);
  const request: ImportRequest = { workspaceId, documents: documentsOf(contents), isDryRun: true, replaces: false, histories };
  const { documents: planned } = await importDocuments(parts, context, request);
  requireImportable(planned);
  const counts = { created: missing.length, unchanged: scripts.length - missing.length };
  const namingRules = await planRules(parts, context, workspaceId, contents);
  if (isDryRun) return { isDryRun, scripts: counts, documents: planned, namingRules };
  if (namingRules === 'taken') {
    const rules = contents.manifest.workspace.namingRules ?? [];
    await updateNamingRules(parts, context, { workspaceId, rules, ifMatch: '*' });
  }
  for (const script of missing) {
    const { name, language, description, tags, path } = script;
    const fields = { name, language, description, tags, content: contents.texts.get(path) ?? '' };
    const history = readScriptHistory(script, contents.texts, context);
    await createDocument(scriptKind(parts), context, { workspaceId, fields, history });
  }
  const { documents } = await importDocuments(parts, context, { ...request, isDryRun: false });
  return { isDryRun, scripts: counts, documents, namingRules };
};
