import { archiveBytesMax, archiveFilesMax, type ScriptSummary, type WorkspaceManifest } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { omitUndefined, requireFound, requireRole, type RequestContext } from '@guildhall/resources';
import { allScripts } from '../control-m/find-jobs.ts';
import { inOrder } from '../control-m/naming-rules.ts';
import type { SentDocument } from '../control-m/plan-import.ts';
import type { WorkspaceParts } from '../parts.ts';
import { findWorkspace } from '../workspaces.ts';
import { manifestFile, pathsIn, type ArchiveFile } from './archive-files.ts';
import { controlMHistories, scriptHistories, withVersions, type VersionedScript } from './find-histories.ts';
import type { LaterFile } from './histories.ts';
import { writeArchive } from './write-archive.ts';

type ManifestScript = WorkspaceManifest['scripts'][number];

interface Planned {
  readonly manifest: WorkspaceManifest;
  /** The ids of the scripts, in the order of the manifest. */
  readonly scriptIds: readonly string[];
  readonly documents: readonly SentDocument[];
  /** The files of earlier versions. */
  readonly earlier: readonly LaterFile[];
}

/** Two scripts that are alike are in the order of their histories. */
const orderOf = ({ script: { name, language, sha256, description, tags }, versions }: VersionedScript): string =>
  JSON.stringify([
    name,
    language,
    sha256,
    description,
    tags,
    versions.map((saved) => [saved.sha256, saved.name, saved.language, saved.note, saved.createdAt]),
  ]);

/** A script in the manifest; of a text that was saved since, with its digest. */
const manifestScript = (
  path: string,
  { name, language, description, tags, sha256 }: ScriptSummary,
  history: ManifestScript['history'],
): ManifestScript => ({ path, name, language, description, tags, sha256, ...omitUndefined({ history }) });

export interface ExportRequest {
  readonly workspaceId: string;
  /** True for the last versions of everything. */
  readonly hasHistory: boolean;
}

const inOrderOfContent = (scripts: readonly VersionedScript[]): readonly VersionedScript[] =>
  scripts.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));

const plan = async (
  parts: WorkspaceParts,
  context: RequestContext,
  { workspaceId, hasHistory }: ExportRequest,
): Promise<Planned> => {
  const { store } = parts;
  const { userId } = context.caller;
  const { item, role, communityId } = await findWorkspace(store, userId, workspaceId);
  const draft = { action: 'workspace.export', resource: { type: 'workspace', id: item.id, name: item.name }, communityId };
  await requireRole(context, role, 'control-m:read', draft);
  const stored = await requireFound('workspace', store.controlM.readAll(userId, workspaceId));
  const documents = await parts.analyse(userId, 'export', stored, 'source');
  const exporting = { parts, context, workspaceId };
  const found = await allScripts(store, userId, workspaceId);
  const versioned = hasHistory ? await withVersions(exporting, found) : found.map((script) => ({ script, versions: [] }));
  const scripts = inOrderOfContent(versioned);
  const saved = scriptHistories(exporting, scripts);
  const names = new Set(documents.map(({ name }) => name));
  const controlM = hasHistory ? await controlMHistories(exporting, stored, names) : { histories: undefined, files: [] };
  const earlier = [...saved.files, ...controlM.files];
  const [scriptPath, documentPath] = [pathsIn('scripts'), pathsIn('control-m')];
  const manifest: WorkspaceManifest = {
    format: 'guildhall-workspace',
    version: 1,
    workspace: { name: item.name, description: item.description, namingRules: inOrder(stored.namingRules) },
    scripts: scripts.map(({ script }, index) => manifestScript(scriptPath(script.name), script, saved.histories[index])),
    documents: documents.map(({ name, text }) => ({ path: documentPath(name), sha256: context.sha256(text), name })),
    ...omitUndefined({ histories: controlM.histories }),
  };
  requireArchivable(manifest, [
    ...scripts.map(({ script }) => script.sizeBytes),
    ...documents.map(({ text }) => Buffer.byteLength(text)),
    ...earlier.map(({ sizeBytes }) => sizeBytes),
  ]);
  return { manifest, scriptIds: scripts.map(({ script }) => script.id), documents, earlier };
};

/** The most bytes that tar adds to a file: its header, one for a long name with that name, and what fills its last block. */
const tarBytesPerFileMax = 4_096;

/** Throws UNPROCESSABLE for what no import would take. */
const requireArchivable = (manifest: WorkspaceManifest, sizes: readonly number[]): void => {
  const ownBytes = Buffer.byteLength(manifestFile(manifest).text);
  const bytes = sizes.reduce((sum, size) => sum + size + tarBytesPerFileMax, ownBytes + tarBytesPerFileMax);
  if (sizes.length <= archiveFilesMax && bytes <= archiveBytesMax) return;
  const detail = `This workspace has more than ${archiveFilesMax} files or ${archiveBytesMax} bytes: divide it into several workspaces.`;
  throw new AppError('UNPROCESSABLE', detail);
};

/** The files of an archive, each read when it is its turn. A script that was saved since is the saved one; one that was deleted is left out. */
const filesOf = async function* (
  { store }: WorkspaceParts,
  { caller, sha256 }: RequestContext,
  workspaceId: string,
  { manifest, scriptIds, documents, earlier }: Planned,
): AsyncGenerator<ArchiveFile> {
  for (const [index, { text }] of documents.entries()) yield { path: manifest.documents[index]?.path ?? '', text };
  const scripts: ManifestScript[] = [];
  for (const [index, id] of scriptIds.entries()) {
    const found = await store.scripts.find(caller.userId, workspaceId, id);
    const planned = manifest.scripts[index];
    if (found === undefined || found.isDeleted || planned === undefined) continue;
    const { path, history } = planned;
    const { content } = found.item;
    scripts.push({ ...manifestScript(path, found.item, history), sha256: sha256(content) });
    yield { path, text: content };
  }
  for (const { path, read } of earlier) yield { path, text: await read() };
  yield manifestFile({ ...manifest, scripts });
};

export interface WorkspaceExport {
  readonly name: string;
  readonly archive: ReadableStream<Uint8Array>;
}

/** Exports a workspace as one archive. Throws NOT_FOUND, FORBIDDEN, UNPROCESSABLE, before the archive begins. */
export const exportWorkspace = async (
  parts: WorkspaceParts,
  context: RequestContext,
  request: ExportRequest,
): Promise<WorkspaceExport> => {
  const planned = await plan(parts, context, request);
  return { name: planned.manifest.workspace.name, archive: writeArchive(filesOf(parts, context, request.workspaceId, planned)) };
};
