import type { ControlMImport } from '@guildhall/contracts';
import { AppError, isAppError } from '@guildhall/errors';
import { omitUndefined, requireFound, requireRole, type RequestContext } from '@guildhall/resources';
import { folderKind } from '../control-m-folders.ts';
import { createDocument } from '../create-document.ts';
import { updateDocument } from '../documents.ts';
import type { WorkspaceParts } from '../parts.ts';
import type { StoredFolder } from '../workspace-store.ts';
import type { ArchivedHistories } from '../archive/read-histories.ts';
import type { StoredControlM, StoredControlMDocument } from './control-m-store.ts';
import { importedDocumentKind } from './stored-documents.ts';
import type { ImportPlanRequest, PlannedDocument, PlannedFolder, SentDocument } from './plan-import.ts';

type ImportedDocument = ControlMImport['documents'][number];

export interface ImportRequest extends ImportPlanRequest {
  readonly workspaceId: string;
  readonly isDryRun: boolean;
  /** The note of the versions that are saved. */
  readonly note?: string | undefined;
  /** The histories of what is created. */
  readonly histories?: ArchivedHistories | undefined;
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

const knownDocument = ({ stored }: Importing, { name }: SentDocument): StoredControlMDocument | undefined =>
  stored.documents.find((document) => document.name === name);

const outcomeOf = (
  { rows }: Importing,
  { name: document }: SentDocument,
  plan: PlannedDocument,
  documentId: string | null,
): ImportedDocument => ({
  name: document,
  status: plan.isRefused ? 'refused' : 'imported',
  documentId,
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
    const history = request.histories?.folder(name);
    return await createDocument(folderKind(parts), context, {
      workspaceId,
      fields: { name, definition, jobCount },
      note,
      history,
    });
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

/** Saves the text of a document, as a version of the one of its name. Returns its id. */
const saveSource = async (importing: Importing, sent: SentDocument, ids: ReadonlyMap<string, string>): Promise<string> => {
  const { parts, context, request } = importing;
  const { workspaceId, note } = request;
  const { name, text: source } = sent;
  const kind = importedDocumentKind(parts);
  const folders = JSON.stringify(Object.fromEntries(ids));
  const known = knownDocument(importing, sent);
  if (known === undefined) {
    const fields = { name, source, folders };
    const history = request.histories?.document(name, folders);
    return (await createDocument(kind, context, { workspaceId, fields, note, history })).id;
  }
  const { id, version } = known;
  if (known.source !== source || JSON.stringify(known.folders) !== folders) {
    await updateDocument(kind, context, { workspaceId, id, edit: { source, folders }, note, ifMatch: [version] });
  }
  return id;
};

const saveDocument = async (importing: Importing, sent: SentDocument, plan: PlannedDocument): Promise<ImportedDocument> => {
  if (plan.isRefused || importing.request.isDryRun) {
    return outcomeOf(importing, sent, plan, knownDocument(importing, sent)?.id ?? null);
  }
  const ids = new Map<string, string>();
  for (const planned of plan.folders) {
    const saved = await saveFolder(importing, planned);
    importing.rows.set(saved.name, saved);
    ids.set(saved.name, saved.id);
  }
  const documentId = await saveSource(importing, sent, ids);
  return outcomeOf(importing, sent, plan, documentId);
};

/** The error that ended an import at a document, with what is stored by then; what is wrong with a single document says enough. */
const endedAt = (error: unknown, { request: { documents } }: Importing, index: number): unknown => {
  if (!isAppError(error) || documents.length === 1) return error;
  const { code, message, errors, retryAfterSeconds } = error;
  const stored = index === 0 ? 'No other document is imported' : `The ${index} before it are imported, those behind it are not`;
  const detail = `${message} It was document ${index + 1} of ${documents.length}, ${documents[index]?.name ?? ''}. ${stored}: send the import again to complete it.`;
  return new AppError(code, detail, { cause: error, ...omitUndefined({ errors, retryAfterSeconds }) });
};

const saveDocuments = async (importing: Importing, plans: readonly PlannedDocument[]): Promise<ImportedDocument[]> => {
  const saved: ImportedDocument[] = [];
  for (const [index, plan] of plans.entries()) {
    const sent = importing.request.documents[index];
    if (sent === undefined) continue;
    try {
      saved.push(await saveDocument(importing, sent, plan));
    } catch (error) {
      throw endedAt(error, importing, index);
    }
  }
  return saved;
};

/** True if the import saves anything over what is there. */
const savesOver = (importing: Importing, plans: readonly PlannedDocument[]): boolean =>
  importing.request.documents.some((sent, index) => {
    const { isRefused = true, folders = [] } = plans[index] ?? {};
    const known = knownDocument(importing, sent);
    const isOther = known !== undefined && (known.source !== sent.text || folders.some(({ status }) => status === 'created'));
    return !isRefused && (isOther || folders.some(({ status }) => status === 'updated'));
  });

/**
 * Imports documents one after the other. What is wrong in one of them refuses that one as a whole, before anything is saved. Folders are saved one by one, each with
 * its event, and a document behind its folders: an error on the way ends the import, says at which document, leaves what was saved, and the same import sent again
 * completes it. Throws NOT_FOUND, FORBIDDEN, CONFLICT when a folder was changed meanwhile, UNPROCESSABLE, and what
 * `Analyse` throws.
 */
export const importDocuments = async (
  parts: WorkspaceParts,
  context: RequestContext,
  request: ImportRequest,
): Promise<ControlMImport> => {
  const { userId } = context.caller;
  const stored = await requireFound('workspace', parts.store.controlM.readAll(userId, request.workspaceId));
  const draft = {
    action: 'control-m-folder.create',
    resource: { type: 'control-m-folder', id: context.newId() },
    communityId: stored.communityId,
  };
  await requireRole(context, stored.role, 'control-m:create', draft);
  const { documents: sent, replaces } = request;
  const plans = await parts.analyse(userId, 'planImport', stored, { documents: sent, replaces });
  const rows = new Map(stored.folders.map((row) => [row.name, row]));
  const importing = { parts, context, stored, rows, request };
  // Nothing is imported half because a right is missing.
  if (savesOver(importing, plans)) await requireRole(context, stored.role, 'control-m:update', draft);
  return { isDryRun: request.isDryRun, documents: await saveDocuments(importing, plans) };
};
