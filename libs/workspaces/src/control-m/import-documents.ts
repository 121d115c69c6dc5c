import type { ControlMImport } from '@guildhall/contracts';
import { requireFound, requireRole, retryCompareAndSwap, type RequestContext } from '@guildhall/resources';
import { folderKind } from '../control-m-folders.ts';
import { prepareCreate } from '../create-document.ts';
import { prepareEdit, prepareSave } from '../documents.ts';
import type { WorkspaceParts } from '../parts.ts';
import type { DocumentWrite, StoredFolder } from '../workspace-store.ts';
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
  /** Live folders by their names, with those that this import makes. */
  readonly rows: Map<string, StoredFolder>;
  readonly writes: DocumentWrite[];
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

/** Prepares what becomes of a folder. Returns it as it is then. */
const prepareFolder = (importing: Importing, { name, definition, jobCount, status }: PlannedFolder): StoredFolder => {
  const { parts, context, rows, request, stored, writes } = importing;
  const { workspaceId, note } = request;
  const existing = rows.get(name);
  if (existing === undefined) {
    const created = { workspaceId, fields: { name, definition, jobCount }, note, history: request.histories?.folder(name) };
    const ready = prepareCreate(folderKind(parts), context, created, stored.communityId);
    writes.push({ store: 'controlMFolders', kind: 'insert', ...ready });
    return ready.document;
  }
  if (status === 'unchanged') return existing;
  const known = { item: existing, communityId: stored.communityId };
  const { next, save } = prepareEdit(folderKind(parts), context, known, { edit: { definition, jobCount }, note });
  if (save !== null) writes.push({ store: 'controlMFolders', kind: 'save', document: next, write: save });
  return next;
};

/** Prepares the text of a document, as a version of the one of its name. Returns its id. Throws what finding that one throws. */
const prepareSource = async (importing: Importing, sent: SentDocument, ids: ReadonlyMap<string, string>): Promise<string> => {
  const { parts, context, request, stored, writes } = importing;
  const { workspaceId, note } = request;
  const { name, text: source } = sent;
  const kind = importedDocumentKind(parts);
  const folders = JSON.stringify(Object.fromEntries(ids));
  const known = knownDocument(importing, sent);
  if (known === undefined) {
    const created = { workspaceId, fields: { name, source, folders }, note, history: request.histories?.document(name, folders) };
    const ready = prepareCreate(kind, context, created, stored.communityId);
    writes.push({ store: 'controlMDocuments', kind: 'insert', ...ready });
    return ready.document.id;
  }
  const { id, version } = known;
  if (known.source !== source || JSON.stringify(known.folders) !== folders) {
    const change = { workspaceId, id, edit: { source, folders }, note, ifMatch: [version] };
    const { next, save } = await prepareSave(kind, context, 'update', change);
    if (save !== null) writes.push({ store: 'controlMDocuments', kind: 'save', document: next, write: save });
  }
  return id;
};

const prepareDocument = async (importing: Importing, sent: SentDocument, plan: PlannedDocument): Promise<ImportedDocument> => {
  if (plan.isRefused || importing.request.isDryRun) {
    return outcomeOf(importing, sent, plan, knownDocument(importing, sent)?.id ?? null);
  }
  const ids = new Map<string, string>();
  for (const planned of plan.folders) {
    const folder = prepareFolder(importing, planned);
    importing.rows.set(folder.name, folder);
    ids.set(folder.name, folder.id);
  }
  const documentId = await prepareSource(importing, sent, ids);
  return outcomeOf(importing, sent, plan, documentId);
};

/** True if the import saves anything over what is there. */
const savesOver = (importing: Importing, plans: readonly PlannedDocument[]): boolean =>
  importing.request.documents.some((sent, index) => {
    const { isRefused = true, folders = [] } = plans[index] ?? {};
    const known = knownDocument(importing, sent);
    const isOther = known !== undefined && (known.source !== sent.text || folders.some(({ status }) => status === 'created'));
    return !isRefused && (isOther || folders.some(({ status }) => status === 'updated'));
  });

/** An import that is ready to be stored. */
export interface ReadyImport {
  readonly answer: ControlMImport;
  readonly writes: readonly DocumentWrite[];
}

/**
 * Prepares an import without storing it: what is wrong in one of its documents refuses that one as a whole. Throws NOT_FOUND, FORBIDDEN,
 * VERSION_MISMATCH when a document was changed meanwhile, UNPROCESSABLE, and what `Analyse` throws.
 */
export const prepareImport = async (
  parts: WorkspaceParts,
  context: RequestContext,
  request: ImportRequest,
): Promise<ReadyImport> => {
  const { userId } = context.caller;
  const stored = await requireFound('workspace', parts.store.controlM.readAll(userId, request.workspaceId));
  const draft = {
    action: 'control-m-folder.create',
    resource: { type: 'control-m-folder', id: context.newId() },
    communityId: stored.communityId,
  };
  await requireRole(context, stored.role, 'control-m:create', draft);
  const { documents: sent, replaces, isDryRun } = request;
  const plans = await parts.analyse(userId, 'planImport', stored, { documents: sent, replaces });
  const rows = new Map(stored.folders.map((row) => [row.name, row]));
  const importing: Importing = { parts, context, stored, rows, writes: [], request };
  // Nothing is imported half because a right is missing.
  if (savesOver(importing, plans)) await requireRole(context, stored.role, 'control-m:update', draft);
  const documents: ImportedDocument[] = [];
  for (const [index, plan] of plans.entries()) {
    const document = sent[index];
    if (document !== undefined) documents.push(await prepareDocument(importing, document, plan));
  }
  return { answer: { isDryRun, documents }, writes: importing.writes };
};

/**
 * Imports documents: all that are not refused, with all of their folders, in one transaction, or none of them. Each folder and document has its own version
 * and event. Throws what `prepareImport` throws, and CONFLICT where another folder takes a name meanwhile.
 */
export const importDocuments = (
  parts: WorkspaceParts,
  context: RequestContext,
  request: ImportRequest,
): Promise<ControlMImport> =>
  retryCompareAndSwap(async () => {
    const { answer, writes } = await prepareImport(parts, context, request);
    return writes.length === 0 || (await parts.store.saveAll(writes)) ? answer : undefined;
  });
