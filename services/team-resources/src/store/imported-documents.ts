import type { ControlMDocumentSummary } from '@guildhall/contracts';
import { leftJoined, row, sql, translateConstraints, withoutNull, type Connection, type Fragment } from '@guildhall/db';
import {
  documentIdTaken,
  documentNameTaken,
  type ImportedDocumentStore,
  type ImportedDocumentTypes,
} from '@guildhall/workspaces';
import { Type } from 'typebox';
import { workspaceAccess } from './access.ts';
import {
  savedByName,
  textColumns,
  textRow,
  versionInsert,
  versionReads,
  versionRow,
  type VersionedTable,
} from './document-versions.ts';
import { deleteDocument, findDocuments, restoreDocument, saveDocument } from './documents.ts';
import { findDocumentTarget } from './found-workspaces.ts';
import {
  afterPosition,
  claimKey,
  createdByName,
  creatorJoin,
  isInState,
  recordEvents,
  timestamp,
  visibleRows,
} from './fragments.ts';
import { partial, Role } from './rows.ts';
import { controlMDocuments, controlMDocumentVersions, resourceMemberships, workspaces } from './tables.ts';

const stored = withoutNull(controlMDocuments, 'sizeBytes', 'sha256');
const summary = {
  id: Type.String(),
  workspaceId: Type.String(),
  name: Type.String(),
  ...textRow,
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
const tables = [stored, workspaces, resourceMemberships] as const;
const text = { source: Type.String(), folders: Type.String() };
const found = { ...summary, ...text, communityId: Type.String(), role: Role };
const computed = { createdByName: Type.String(), isDeleted: Type.Boolean() };
/** Left-joined to the CTE `access`: one row without a document means that the list is empty. */
const ListedRow = row([leftJoined(stored)], partial(summary), { createdByName: Type.String(), foldersSha256: Type.String() });
const SavedRow = row([controlMDocuments], { id: Type.String() });

const translated = translateConstraints({
  uq_control_m_documents_workspace_id_name: documentNameTaken,
  pk_control_m_documents: documentIdTaken,
  pk_control_m_document_versions: documentIdTaken,
});

const storedVersions = withoutNull(controlMDocumentVersions, 'sizeBytes', 'sha256');
const versionSummary = { ...versionRow, ...textRow };
const history: VersionedTable<ImportedDocumentTypes> = {
  permission: 'control-m:read',
  documents: 'control_m_documents',
  versions: 'control_m_document_versions',
  parent: sql.fragment`control_m_document_id`,
  text: sql.fragment`source`,
  own: sql.fragment`folders`,
  isOwnLong: true,
  textOf: ({ source }) => source,
  ownOf: ({ folders }) => folders,
  ownType: 'text',
  assignments: ({ name, source, folders, sizeBytes, sha256 }) => sql.fragment`
    name = ${name}, source = ${source}, folders = ${folders}, size_bytes = ${sizeBytes}::int8, sha256 = ${sha256}`,
  ListedRow: row([leftJoined(storedVersions)], partial({ id: Type.String(), ...versionSummary }), savedByName),
  FoundRow: row([storedVersions], { ...versionSummary, ...text }, savedByName),
};

const measuredText = (table: Fragment): Fragment => textColumns(table, sql.fragment`source`);

const foundDocuments = {
  table: 'control_m_documents',
  permission: 'control-m:read',
  columns: sql.fragment`
    document.id, document.workspace_id, document.name, document.source, document.folders,
    ${measuredText(sql.fragment`document`)}, document.created_by, document.version, document.created_at, document.updated_at`,
  FoundRow: row(tables, found, computed),
  PlacedRow: row(tables, found, { ...computed, place: Type.Integer() }),
} as const;

const reads = (connection: Connection): Pick<ImportedDocumentStore, 'find' | 'list'> => ({
  find: findDocuments(connection, foundDocuments),
  async list(userId, workspaceId, { page, state }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, 'control-m:read')})
      SELECT listed.id, listed.workspace_id, listed.name, listed.size_bytes, listed.sha256, listed.created_by,
             listed.version, listed.created_at, listed.updated_at, ${createdByName},
             COALESCE(right(sha256(convert_to(listed.folders, 'UTF8'))::text, 64), '') AS folders_sha256
      FROM access
      LEFT JOIN LATERAL (
        SELECT id, workspace_id, name, folders, ${measuredText(sql.fragment`control_m_documents`)}, created_by, version, created_at,
               updated_at
        FROM team.control_m_documents
        WHERE workspace_id = ${workspaceId}::uuid AND ${isInState(sql.fragment`control_m_documents`, state, 'control-m:delete')}
          AND ${afterPosition(page.after)}
        ORDER BY created_at DESC, id DESC LIMIT ${page.limit}
      ) AS listed ON true
      ${creatorJoin(sql.fragment`listed`)}
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return visibleRows<ControlMDocumentSummary>(rows);
  },
});

const writes = (connection: Connection): Pick<ImportedDocumentStore, 'insert' | 'save'> => ({
  async insert(document, write, remembered, earlier) {
    const { userId, permission, event } = write;
    const { id, workspaceId, name, source, folders, sizeBytes, sha256, version, createdAt, updatedAt } = document;
    const saved = connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.control_m_documents
          (id, workspace_id, name, source, folders, size_bytes, sha256, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, ${workspaceId}::uuid, ${name}::text, ${source}::text, ${folders}::text, ${sizeBytes}::int8,
               ${sha256}::text, ${userId}::text, ${version}::int8, ${timestamp(createdAt)}, ${timestamp(updatedAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id, version, name, folders, source, size_bytes, sha256
      ),
      version AS (${versionInsert(history, write, updatedAt, earlier)}),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return (await translated(saved)) !== null;
  },
  save: (next, write) => translated(saveDocument(connection, history)(next, write)),
});

export const createImportedDocumentStore = (connection: Connection): ImportedDocumentStore => ({
  ...reads(connection),
  ...writes(connection),
  ...versionReads(connection, history),
  findCreateTarget: findDocumentTarget(connection, 'control-m:read'),
  delete: deleteDocument(connection, 'control_m_documents'),
  restore: (next, write) => translated(restoreDocument(connection, history)(next, write)),
});
