import type { ControlMImport } from '@guildhall/contracts';
import { notFound, requireFound, requireRole, type RequestContext } from '@guildhall/resources';
import { folderKind } from '../control-m-folders.ts';
import { createDocument, updateDocument } from '../documents.ts';
import type { WorkspaceParts } from '../parts.ts';
import type { StoredFolder } from '../workspace-store.ts';
import type { StoredControlM } from './control-m-store.ts';
import type { ImportPlanRequest, PlannedDocument, PlannedFolder, SentDocument } from './plan-import.ts';

type ImportedDocument = ControlMImport['documents'][number];

export interface ImportRequest extends ImportPlanRequest {
  readonly workspaceId: string;
  readonly isDryRun: boolean;
  /** The note of the versions that are saved. */
  readonly note?: string | undefined;
}

interface Importing {
  readonly parts: WorkspaceParts;
  readonly context: RequestContext;
  readonly stored: StoredControlM;
  /** Live folders by their names, with those that this import has saved. */
  readonly rows: Map<string, StoredFolder>;
  readonly request: ImportRequest;
}

const nameCharactersMax = 200;

const outcomeOf = ({ rows }: Importing, { name: document }: SentDocument, plan: PlannedDocument): ImportedDocument => ({
  name: document,
  status: plan.isRefused ? 'refused' : 'imported',
  folders: plan.folders.map(({ name, jobCount, status }) => ({
    name: name.slice(0, nameCharactersMax),
    folderId: rows.get(name)?.id ?? null,
    jobCount,
    status,
  })),
  looseJobCount: plan.looseJobCount,
  findings: [...plan.findings],
});

const saveFolder = async (importing: Importing, { name, definition, jobCount, status }: PlannedFolder): Promise<StoredFolder> => {
  const { parts, context, rows, request } = importing;
  const { workspaceId, note } = request;
  const existing = rows.get(name);
  if (existing === undefined) {
    return await createDocument(folderKind(parts), context, { workspaceId, fields: { name, definition, jobCount }, note });
  }
  if (status === 'unchanged') return existing;
  const { id, version } = existing;
  return await updateDocument(folderKind(parts), context, {
    workspaceId,
    id,
    edit: { definition, jobCount },
    note,
    ifMatch: [version],
  });
};

const saveSource = async (
  { parts, context, stored, request: { workspaceId } }: Importing,
  sent: SentDocument,
  ids: ReadonlyMap<string, string>,
) => {
  const known = stored.documents.find(({ name }) => name === sent.name);
  const folders = Object.fromEntries(ids);
  const isSame = known?.source === sent.text && JSON.stringify(known.folders) === JSON.stringify(folders);
  if (isSame) return;
  const { caller, at } = context;
  const document = {
    id: known?.id ?? context.newId(),
    workspaceId,
    name: sent.name,
    source: sent.text,
    folders,
    createdBy: known?.createdBy ?? caller.userId,
    createdAt: known?.createdAt ?? at,
    updatedAt: at,
  };
  const isStored = await parts.store.controlM.saveDocument(document, { userId: caller.userId, permission: 'control-m:create' });
  if (!isStored) throw notFound('workspace');
};

const saveDocument = async (importing: Importing, sent: SentDocument, plan: PlannedDocument): Promise<ImportedDocument> => {
  if (plan.isRefused || importing.request.isDryRun) return outcomeOf(importing, sent, plan);
  const ids = new Map<string, string>();
  for (const planned of plan.folders) {
    const saved = await saveFolder(importing, planned);
    importing.rows.set(saved.name, saved);
    ids.set(saved.name, saved.id);
  }
  await saveSource(importing, sent, ids);
  return outcomeOf(importing, sent, plan);
};

/**
 * Imports documents one after the other, each whole or not at all. Saved folders are saved one by one: an import that was cut off is
 * completed by repeating it. Throws NOT_FOUND, FORBIDDEN, CONFLICT when a folder was changed meanwhile, UNPROCESSABLE, and what
 * `Analyse` throws.
 */
export const importDocuments = async (
  parts: WorkspaceParts,
  context: RequestContext,
  request: ImportRequest,
): Promise<ControlMImport> => {
  const { userId } = context.caller;
  const stored = await requireFound('workspace', parts.store.controlM.readAll(userId, request.workspaceId));
  await requireRole(context, stored.role, 'control-m:create', {
    action: 'control-m-folder.create',
    resource: { type: 'control-m-folder', id: context.newId() },
    communityId: stored.communityId,
  });
  const { documents: sent, replaces } = request;
  const plans = await parts.analyse(userId, 'planImport', stored, { documents: sent, replaces });
  const rows = new Map(stored.folders.map((row) => [row.name, row]));
  const importing = { parts, context, stored, rows, request };
  const documents: ImportedDocument[] = [];
  for (const [index, document] of sent.entries()) {
    const plan = plans[index];
    if (plan !== undefined) documents.push(await saveDocument(importing, document, plan));
  }
  return { isDryRun: request.isDryRun, documents };
};
