import { documentKinds, type SyncedDocument, type SyncedDocumentKind } from '@guildhall/contracts';
import {
  documentOf,
  stateOf,
  type CopiedDocument,
  type DocumentId,
  type OwnDocument,
  type StoredBase,
} from '@guildhall/workspaces';
import type Sqlite from 'better-sqlite3';
import type { ControlMDocumentsRow, ScriptsRow, SyncBasesRow } from '../tables.ts';
import { syncedWorkspaceStatements } from './synced-workspaces.ts';

/** The documents of copies, as synchronisation compares them with their bases. */

/** The columns that a state is made of; null for the kinds that have none. */
type HeadRow = Pick<ScriptsRow, 'name'> & {
  readonly [Column in 'language' | 'description' | 'tags']: ScriptsRow[Column] | null;
} & { readonly sha256: NonNullable<ScriptsRow['sha256']>; readonly folders_sha256: string | null };

type ComparedRow = HeadRow &
  Pick<ScriptsRow, 'id' | 'version' | 'deleted_at'> & {
    readonly [Column in 'own_version' | 'shared_version']: SyncBasesRow[Column] | null;
  } & { readonly [Column in keyof HeadRow as `base_${Column}`]: HeadRow[Column] | null } & { readonly kind: SyncedDocumentKind };

type FoundRow = ComparedRow & {
  readonly text: ScriptsRow['content'];
  readonly folders: ControlMDocumentsRow['folders'] | null;
};

const textOf = { script: 'content', 'control-m-folder': 'definition', 'control-m-document': 'source' } as const;
const tablesOf = {
  script: ['scripts', 'script_versions', 'script_id'],
  'control-m-folder': ['control_m_folders', 'control_m_folder_versions', 'control_m_folder_id'],
  'control-m-document': ['control_m_documents', 'control_m_document_versions', 'control_m_document_id'],
} as const;

/** The digest of a text, computed where an earlier release has not stored it. */
const digest = (table: string, kind: SyncedDocumentKind): string => `COALESCE(${table}.sha256, sha256(${table}.${textOf[kind]}))`;

/** The columns of a document, and of its version, that a kind does not share with all others. */
const ownColumns = {
  script: 'NULL AS folders_sha256, document.language, document.description, document.tags',
  'control-m-folder': 'NULL AS folders_sha256, NULL AS language, NULL AS description, NULL AS tags',
  'control-m-document': 'sha256(document.folders) AS folders_sha256, NULL AS language, NULL AS description, NULL AS tags',
} as const;
const savedColumns = {
  script: 'NULL AS base_folders_sha256, saved.language AS base_language',
  'control-m-folder': 'NULL AS base_folders_sha256, NULL AS base_language',
  'control-m-document': 'sha256(saved.folders) AS base_folders_sha256, NULL AS base_language',
} as const;

/** Every document of a kind with the version that it had at its base; null there if it was deleted. */
const comparedDocuments = (kind: SyncedDocumentKind, extra = ''): string => {
  const [documents, versions, parent] = tablesOf[kind];
  return `SELECT document.id, '${kind}' AS kind, document.version, document.deleted_at, document.name, ${ownColumns[kind]},
                 ${digest('document', kind)} AS sha256, base.own_version, base.shared_version, saved.name AS base_name,
                 ${savedColumns[kind]}, base.description AS base_description, base.tags AS base_tags,
                 ${digest('saved', kind)} AS base_sha256${extra}
          FROM ${documents} AS document
          LEFT JOIN sync_bases AS base ON base.id = document.id
          LEFT JOIN ${versions} AS saved ON saved.${parent} = document.id AND saved.version = base.own_version
          WHERE document.workspace_id = @workspaceId`;
};

const listOf = (json: string | null): readonly string[] | null => (json === null ? null : (JSON.parse(json) as string[]));

const toState = ({ name, language, description, tags, sha256, folders_sha256: foldersSha256 }: HeadRow): string =>
  stateOf({ name, language, description, tags: listOf(tags), sha256, foldersSha256 });

const toBaseState = (row: ComparedRow): string | null => {
  if (row.base_name === null || row.base_sha256 === null) return null;
  const { base_language: language, base_description: description, base_tags: tags, base_folders_sha256: folders_sha256 } = row;
  return toState({ name: row.base_name, language, description, tags, sha256: row.base_sha256, folders_sha256 });
};

const toBase = (row: ComparedRow) =>
  row.own_version === null || row.shared_version === null
    ? null
    : { ownVersion: row.own_version, sharedVersion: row.shared_version, state: toBaseState(row) };

const toCopied = (row: ComparedRow) => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  mine: { version: row.version, state: row.deleted_at === null ? toState(row) : null },
  base: toBase(row),
});

const toDocument = ({ kind, description, tags, ...saved }: FoundRow): SyncedDocument =>
  documentOf(kind, { ...saved, note: '' }, { description, tags: listOf(tags) });

const toStoredBase = (row: ComparedRow): StoredBase | null =>
  row.own_version === null || row.shared_version === null
    ? null
    : {
        ownVersion: row.own_version,
        sharedVersion: row.shared_version,
        description: row.base_description,
        tags: listOf(row.base_tags),
        document: null,
      };

/** A document that was never here. */
const unknown = ({ id, kind }: DocumentId): OwnDocument => ({
  id,
  kind,
  name: '',
  mine: { version: null, state: null },
  base: null,
  storedBase: null,
  document: null,
});

/** The statements that read documents with their bases, each prepared once. */
export const syncedDocumentStatements = (sqlite: Sqlite.Database) => {
  const workspaces = syncedWorkspaceStatements(sqlite);
  const list = sqlite.prepare<[Pick<DocumentId, 'workspaceId'>], ComparedRow>(
    `${documentKinds.map((kind) => comparedDocuments(kind)).join(' UNION ALL ')} ORDER BY 1`,
  );
  const prepareFind = (kind: SyncedDocumentKind) => {
    const folders = kind === 'control-m-document' ? 'document.folders' : 'NULL AS folders';
    const whole = comparedDocuments(kind, `, document.${textOf[kind]} AS text, ${folders}`);
    return sqlite.prepare<[DocumentId], FoundRow>(`${whole} AND document.id = @id`);
  };
  const find = {
    script: prepareFind('script'),
    'control-m-folder': prepareFind('control-m-folder'),
    'control-m-document': prepareFind('control-m-document'),
  };
  return {
    list: (workspaceId: string): readonly CopiedDocument[] => [
      ...list.all({ workspaceId }).map(toCopied),
      ...[workspaces.find(workspaceId)].filter((found) => found !== undefined),
    ],
    find: (path: DocumentId): OwnDocument => {
      if (path.kind === 'workspace') return workspaces.find(path.id) ?? unknown(path);
      const row = find[path.kind].get(path);
      if (row === undefined) return unknown(path);
      const document = row.deleted_at === null ? toDocument(row) : null;
      return { ...toCopied(row), storedBase: toStoredBase(row), document };
    },
  };
};

const jsonOf = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

type BaseRow = Omit<SyncBasesRow, 'created_at'>;

/** The statements that write the table `sync_bases`, each prepared once. */
export const baseStatements = (sqlite: Sqlite.Database) => {
  const save = sqlite.prepare<[BaseRow]>(
    `INSERT INTO sync_bases (id, workspace_id, kind, own_version, shared_version, description, tags, document, created_at, updated_at)
     VALUES (@id, @workspace_id, @kind, @own_version, @shared_version, @description, @tags, @document, @updated_at, @updated_at)
     ON CONFLICT (id) DO UPDATE
     SET own_version = excluded.own_version, shared_version = excluded.shared_version, description = excluded.description,
         tags = excluded.tags, document = excluded.document, updated_at = excluded.updated_at`,
  );
  const forget = sqlite.prepare<[string, string]>('DELETE FROM sync_bases WHERE id = ? AND workspace_id = ?');
  return {
    put: ({ id, workspaceId, kind }: DocumentId, base: StoredBase | null, at: string): void => {
      if (base === null) {
        forget.run(id, workspaceId);
        return;
      }
      const { ownVersion: own_version, sharedVersion: shared_version, description } = base;
      const written = { own_version, shared_version, description, tags: jsonOf(base.tags), document: jsonOf(base.document) };
      save.run({ id, workspace_id: workspaceId, kind, ...written, updated_at: at });
    },
  };
};
