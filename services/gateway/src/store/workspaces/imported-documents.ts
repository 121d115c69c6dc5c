import type { ControlMDocumentSummary } from '@guildhall/contracts';
import {
  documentNameTaken,
  type Deletable,
  type ListRequest,
  type StoredDocument,
  type StoredDocumentVersion,
} from '@guildhall/workspaces';
import type Sqlite from 'better-sqlite3';
import type { ControlMDocumentsRow } from '../tables.ts';
import { textColumns, versionStatements, type OwnRow, type TextRow } from './document-versions.ts';
import { inLiveWorkspace, namedTextWrites } from './named-texts.ts';
import { unknownName } from './unknown-name.ts';
import { start } from './workspace-statements.ts';

type SummaryRow = Pick<
  ControlMDocumentsRow,
  'id' | 'workspace_id' | 'name' | 'created_by' | 'version' | 'created_at' | 'updated_at'
> &
  TextRow;

const toHead = (row: SummaryRow) => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
  createdBy: row.created_by,
  createdByName: unknownName,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

type ListedRow = SummaryRow & { readonly folders_sha256: string };

const toSummary = (row: ListedRow): ControlMDocumentSummary => ({ ...toHead(row), foldersSha256: row.folders_sha256 });

type DocumentRow = SummaryRow & Pick<ControlMDocumentsRow, 'source' | 'folders'>;

const toDocument = (row: DocumentRow): StoredDocument => ({ ...toHead(row), source: row.source, folders: row.folders });

const texts = {
  table: 'control_m_documents',
  own: { source: 'source', folders: 'folders' },
  nameTaken: documentNameTaken,
} as const;

const inWorkspace = inLiveWorkspace(texts.table);

const summary = `id, workspace_id, name, ${textColumns('source')}, created_by, version, created_at, updated_at`;

const readStatements = (sqlite: Sqlite.Database) => {
  const find = sqlite.prepare<[string, string], DocumentRow & Pick<ControlMDocumentsRow, 'deleted_at'>>(
    `SELECT ${summary}, source, folders, deleted_at FROM control_m_documents WHERE id = ? AND workspace_id = ? AND ${inWorkspace}`,
  );
  const list = sqlite.prepare<[string, number, string, string, number], ListedRow>(
    `SELECT ${summary}, sha256(folders) AS folders_sha256 FROM control_m_documents
     WHERE workspace_id = ? AND (deleted_at IS NOT NULL) = ? AND (created_at, id) < (?, ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
  );
  return {
    find: (workspaceId: string, id: string): Deletable<StoredDocument> | undefined => {
      const row = find.get(id, workspaceId);
      if (row === undefined) return undefined;
      return { item: toDocument(row), communityId: null, role: 'owner', isDeleted: row.deleted_at !== null };
    },
    list: (workspaceId: string, { page, state }: ListRequest): readonly ControlMDocumentSummary[] => {
      const { createdAt, id } = page.after ?? start;
      return list.all(workspaceId, Number(state === 'deleted'), createdAt, id, page.limit).map(toSummary);
    },
  };
};

/** The statements on the table `control_m_documents`, each prepared once. */
export const importedDocumentStatements = (sqlite: Sqlite.Database) => ({
  ...readStatements(sqlite),
  ...namedTextWrites<StoredDocument>(sqlite, texts),
});

const foldersOf = ({ folders }: OwnRow) => ({ folders });

/** The statements on the table `control_m_document_versions`, each prepared once. */
export const importedDocumentVersionStatements = (sqlite: Sqlite.Database) => {
  const table = {
    table: 'control_m_document_versions',
    parent: 'control_m_document_id',
    text: 'source',
    own: 'folders',
  } as const;
  const { keep, list, find, newest } = versionStatements(sqlite, table, foldersOf);
  return {
    keep: (document: StoredDocument, saved: Parameters<typeof keep>[2]): void =>
      keep(document, [document.folders, document.source], saved),
    list: (...given: Parameters<typeof list>) => list(...given).map(({ folders: _folders, ...listed }) => listed),
    newest,
    find: (id: string, version: number): StoredDocumentVersion | undefined => {
      const found = find(id, version);
      if (found === undefined) return undefined;
      const { text: source, ...rest } = found;
      return { ...rest, source };
    },
  };
};
