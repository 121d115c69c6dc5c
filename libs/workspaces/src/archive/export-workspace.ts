import { archiveBytesMax, archiveFilesMax, type ScriptSummary, type WorkspaceManifest } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireFound, requireRole, type RequestContext } from '@guildhall/resources';
import { allScripts } from '../control-m/find-jobs.ts';
import { inOrder } from '../control-m/naming-rules.ts';
import type { SentDocument } from '../control-m/plan-import.ts';
import type { WorkspaceParts } from '../parts.ts';
import { findWorkspace } from '../workspaces.ts';
import { manifestFile, pathsIn, type ArchiveFile } from './archive-files.ts';
import { writeArchive } from './write-archive.ts';

type ManifestScript = WorkspaceManifest['scripts'][number];

interface Planned {
  readonly manifest: WorkspaceManifest;
  /** The ids of the scripts, in the order of the manifest. */
  readonly scriptIds: readonly string[];
  readonly documents: readonly SentDocument[];
}

const orderOf = ({ name, language, sha256, description, tags }: ScriptSummary): string =>
  JSON.stringify([name, language, sha256, description, tags]);

/** A script in the manifest; of a text that was saved since, with its digest. */
const manifestScript = (path: string, { name, language, description, tags, sha256 }: ScriptSummary): ManifestScript => ({
  path,
  name,
  language,
  description,
  tags,
  sha256,
});

const plan = async (parts: WorkspaceParts, context: RequestContext, workspaceId: string): Promise<Planned> => {
  const { store } = parts;
  const { userId } = context.caller;
  const { item, role, communityId } = await findWorkspace(store, userId, workspaceId);
  const draft = { action: 'workspace.export', resource: { type: 'workspace', id: item.id, name: item.name }, communityId };
  await requireRole(context, role, 'control-m:read', draft);
  const stored = await requireFound('workspace', store.controlM.readAll(userId, workspaceId));
  const documents = await parts.analyse(userId, 'export', stored, 'source');
  const scripts = (await allScripts(store, userId, workspaceId)).toSorted((one, other) =>
    orderOf(one) < orderOf(other) ? -1 : 1,
  );
  const [scriptPath, documentPath] = [pathsIn('scripts'), pathsIn('control-m')];
  const manifest: WorkspaceManifest = {
    format: 'guildhall-workspace',
    version: 1,
    workspace: { name: item.name, description: item.description, namingRules: inOrder(stored.namingRules) },
    scripts: scripts.map((script) => manifestScript(scriptPath(script.name), script)),
    documents: documents.map(({ name, text }) => ({ path: documentPath(name), sha256: context.sha256(text), name })),
  };
  requireArchivable(manifest, [
    ...scripts.map(({ sizeBytes }) => sizeBytes),
    ...documents.map(({ text }) => Buffer.byteLength(text)),
  ]);
  return { manifest, scriptIds: scripts.map(({ id }) => id), documents };
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
  { manifest, scriptIds, documents }: Planned,
): AsyncGenerator<ArchiveFile> {
  for (const [index, { text }] of documents.entries()) yield { path: manifest.documents[index]?.path ?? '', text };
  const scripts: ManifestScript[] = [];
  for (const [index, id] of scriptIds.entries()) {
    const found = await store.scripts.find(caller.userId, workspaceId, id);
    const path = manifest.scripts[index]?.path;
    if (found === undefined || found.isDeleted || path === undefined) continue;
    const { content } = found.item;
    scripts.push({ ...manifestScript(path, found.item), sha256: sha256(content) });
    yield { path, text: content };
  }
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
  workspaceId: string,
): Promise<WorkspaceExport> => {
  const planned = await plan(parts, context, workspaceId);
  return { name: planned.manifest.workspace.name, archive: writeArchive(filesOf(parts, context, workspaceId, planned)) };
};
