import { isDeepStrictEqual } from 'node:util';
import { communityRoleMay, type ScriptSummary, type WorkspaceImport, type WorkspaceManifest } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireRole, retryCompareAndSwap, type RequestContext } from '@guildhall/resources';
import { allScripts } from '../control-m/find-jobs.ts';
import { prepareImport, type ImportRequest } from '../control-m/import-documents.ts';
import { updateNamingRules } from '../control-m/naming-rules.ts';
import { prepareCreate } from '../create-document.ts';
import type { WorkspaceParts } from '../parts.ts';
import { scriptKind } from '../scripts.ts';
import { findWorkspace } from '../workspaces.ts';
import type { DocumentWrite } from '../workspace-store.ts';
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

/** Throws NOT_FOUND, and FORBIDDEN unless the caller may create scripts here. Returns the community. */
const requireCreator = async (
  { store }: WorkspaceParts,
  context: RequestContext,
  workspaceId: string,
): Promise<string | null> => {
  const { role, communityId } = await findWorkspace(store, context.caller.userId, workspaceId);
  const resource = { type: 'script', id: context.newId() };
  await requireRole(context, role, 'script:create', { action: 'script.create', resource, communityId });
  return communityId;
};

const documentsOf = ({ manifest, texts }: ArchiveContents) =>
  manifest.documents.map(({ name, path }) => ({ name, text: texts.get(path) ?? '' }));

/** Prepares the scripts of an archive that are missing, each with its history. */
const prepareScripts = (
  parts: WorkspaceParts,
  context: RequestContext,
  { texts }: ArchiveContents,
  {
    workspaceId,
    communityId,
    missing,
  }: Readonly<Record<'workspaceId', string>> & {
    readonly communityId: string | null;
    readonly missing: readonly ManifestScript[];
  },
): readonly DocumentWrite[] =>
  missing.map((script) => {
    const { name, language, description, tags, path } = script;
    const fields = { name, language, description, tags, content: texts.get(path) ?? '' };
    const created = { workspaceId, fields, history: readScriptHistory(script, texts, context) };
    return { store: 'scripts', kind: 'insert', ...prepareCreate(scriptKind(parts), context, created, communityId) };
  });

interface ArchiveImport {
  readonly workspaceId: string;
  readonly archive: Buffer;
  readonly isDryRun: boolean;
}

/** One attempt to import the contents of an archive. Undefined when a concurrent change won. */
const tryImport = async (
  parts: WorkspaceParts,
  context: RequestContext,
  { workspaceId, isDryRun }: Omit<ArchiveImport, 'archive'>,
  contents: ArchiveContents,
): Promise<WorkspaceImport | undefined> => {
  const communityId = await requireCreator(parts, context, workspaceId);
  const { scripts } = contents.manifest;
  const missing = missingScripts(scripts, await allScripts(parts.store, context.caller.userId, workspaceId));
  const histories = readHistories(contents.manifest, contents.texts, context);
  const request: ImportRequest = { workspaceId, documents: documentsOf(contents), isDryRun, replaces: false, histories };
  const { answer, writes } = await prepareImport(parts, context, request);
  requireImportable(answer.documents);
  const counts = { created: missing.length, unchanged: scripts.length - missing.length };
  const namingRules = await planRules(parts, context, workspaceId, contents);
  const outcome = { isDryRun, scripts: counts, documents: answer.documents, namingRules };
  if (isDryRun) return outcome;
  const all = [...prepareScripts(parts, context, contents, { workspaceId, communityId, missing }), ...writes];
  if (all.length > 0 && !(await parts.store.saveAll(all))) return undefined;
  if (namingRules === 'taken') {
    const rules = contents.manifest.workspace.namingRules ?? [];
    await updateNamingRules(parts, context, { workspaceId, rules, ifMatch: '*' });
  }
  return outcome;
};

/**
 * Imports an archive into a workspace. All of it is checked before the first change. Its scripts, folders and documents are saved in one transaction, all
 * of them or none; naming rules are taken behind it, and by the same import again where that failed. Throws NOT_FOUND, FORBIDDEN, INVALID, CONFLICT,
 * UNPROCESSABLE.
 */
export const importWorkspace = async (
  parts: WorkspaceParts,
  context: RequestContext,
  { archive, ...request }: ArchiveImport,
): Promise<WorkspaceImport> => {
  await requireCreator(parts, context, request.workspaceId);
  const contents = await readArchive(archive);
  return await retryCompareAndSwap(() => tryImport(parts, context, request, contents));
};
