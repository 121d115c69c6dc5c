/**
 * The entities that exist twice: in the gateway's SQLite file and in team-resources' schema of the shared database. Their
 * columns have the same names; a test compares what both sides' migrations made with this map.
 */

/** The column type of a kind of value in either dialect. */
export const typePairs = {
  uuid: { postgres: 'uuid', sqlite: 'TEXT' },
  text: { postgres: 'text', sqlite: 'TEXT' },
  integer: { postgres: 'int8', sqlite: 'INTEGER' },
  /** ISO 8601 in UTC with milliseconds on the SQLite side. */
  timestamp: { postgres: 'timestamptz', sqlite: 'TEXT' },
  /** 0 or 1 on the SQLite side. */
  boolean: { postgres: 'bool', sqlite: 'INTEGER' },
  /** JSON text on the SQLite side. */
  json: { postgres: 'jsonb', sqlite: 'TEXT' },
} as const;
export type ColumnKind = keyof typeof typePairs;

/** The default of a column. SQLite generates no UUIDs, so the solo store always provides the id. */
export const defaultPairs = {
  one: { postgres: '1', sqlite: '1' },
  empty: { postgres: "''::text", sqlite: "''" },
  emptyList: { postgres: "'[]'::jsonb", sqlite: "'[]'" },
  now: { postgres: 'now()', sqlite: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')" },
  randomUuid: { postgres: 'gen_random_uuid()', sqlite: null },
} as const;
export type ColumnDefault = keyof typeof defaultPairs;

export interface DomainColumn {
  readonly kind: ColumnKind;
  readonly isNullable?: true;
  /** Absent where the writer always gives the value. */
  readonly defaultsTo?: ColumnDefault;
}

export interface DomainReference {
  readonly column: string;
  readonly table: string;
  readonly onDelete: 'CASCADE' | 'RESTRICT' | 'SET NULL';
}

export interface DomainIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  /** The rows that it holds; absent where it holds every row. */
  readonly where?: 'deleted_at IS NULL';
}

export interface DomainTable {
  readonly columns: Readonly<Record<string, DomainColumn>>;
  readonly references: readonly DomainReference[];
  readonly indexes: readonly DomainIndex[];
  /** The parts that exist only in the shared schema: solo has no communities, and no workspace of a million rows. */
  readonly sharedOnly?: {
    readonly columns: Readonly<Record<string, DomainColumn>>;
    readonly references: readonly DomainReference[];
    readonly indexes: readonly DomainIndex[];
  };
  /** Solo indexes that replace a shared one. */
  readonly soloOnlyIndexes?: readonly DomainIndex[];
}

const uuid: DomainColumn = { kind: 'uuid' };
const text: DomainColumn = { kind: 'text' };
const time: DomainColumn = { kind: 'timestamp', defaultsTo: 'now' };
const version: DomainColumn = { kind: 'integer', defaultsTo: 'one' };
/** The size and digest of a document's text; null in rows of releases that did not store them. */
const measured = {
  size_bytes: { kind: 'integer', isNullable: true },
  sha256: { kind: 'text', isNullable: true },
} as const;
const head = { id: { ...uuid, defaultsTo: 'randomUuid' }, created_by: text, created_at: time, updated_at: time } as const;
const editable = { ...head, version, deleted_at: { kind: 'timestamp', isNullable: true } } as const;

const savedVersion = {
  ...head,
  ...measured,
  version: { kind: 'integer' },
  note: { ...text, defaultsTo: 'empty' },
  restored_from: { kind: 'integer', isNullable: true },
} as const;

export const domainMap = {
  workspaces: {
    columns: {
      ...editable,
      name: text,
      description: { ...text, defaultsTo: 'empty' },
      naming_rules: { kind: 'json', defaultsTo: 'emptyList' },
    },
    references: [],
    indexes: [],
    sharedOnly: {
      columns: { community_id: uuid },
      references: [{ column: 'community_id', table: 'communities', onDelete: 'CASCADE' }],
      indexes: [
        {
          name: 'idx_workspaces_community_id_created_at',
          columns: ['community_id', 'created_at', 'id'],
          isUnique: false,
        },
      ],
    },
    soloOnlyIndexes: [{ name: 'idx_workspaces_created_at', columns: ['created_at', 'id'], isUnique: false }],
  },
  scripts: {
    columns: {
      ...editable,
      workspace_id: uuid,
      name: text,
      language: text,
      description: { ...text, defaultsTo: 'empty' },
      tags: { kind: 'json', defaultsTo: 'emptyList' },
      content: text,
      ...measured,
    },
    references: [{ column: 'workspace_id', table: 'workspaces', onDelete: 'CASCADE' }],
    indexes: [{ name: 'idx_scripts_workspace_id_created_at', columns: ['workspace_id', 'created_at', 'id'], isUnique: false }],
    sharedOnly: {
      columns: {},
      references: [],
      indexes: [
        { name: 'idx_scripts_workspace_id_name_id', columns: ['workspace_id', '(expression)', 'id'], isUnique: false },
        { name: 'idx_scripts_workspace_id_updated_at_id', columns: ['workspace_id', 'updated_at', 'id'], isUnique: false },
      ],
    },
  },
  script_versions: {
    columns: { ...savedVersion, script_id: uuid, name: text, language: text, content: text },
    references: [{ column: 'script_id', table: 'scripts', onDelete: 'CASCADE' }],
    indexes: [{ name: 'uq_script_versions_script_id_version', columns: ['script_id', 'version'], isUnique: true }],
  },
  control_m_folders: {
    columns: { ...editable, workspace_id: uuid, name: text, definition: text, job_count: { kind: 'integer' }, ...measured },
    references: [{ column: 'workspace_id', table: 'workspaces', onDelete: 'CASCADE' }],
    indexes: [
      {
        name: 'idx_control_m_folders_workspace_id_created_at',
        columns: ['workspace_id', 'created_at', 'id'],
        isUnique: false,
      },
      {
        name: 'uq_control_m_folders_workspace_id_name',
        columns: ['workspace_id', 'name'],
        isUnique: true,
        where: 'deleted_at IS NULL',
      },
    ],
  },
  control_m_documents: {
    columns: { ...editable, workspace_id: uuid, name: text, source: text, folders: text, ...measured },
    references: [{ column: 'workspace_id', table: 'workspaces', onDelete: 'CASCADE' }],
    indexes: [
      {
        name: 'idx_control_m_documents_workspace_id_created_at',
        columns: ['workspace_id', 'created_at', 'id'],
        isUnique: false,
      },
      {
        name: 'uq_control_m_documents_workspace_id_name',
        columns: ['workspace_id', 'name'],
        isUnique: true,
        where: 'deleted_at IS NULL',
      },
    ],
  },
  control_m_document_versions: {
    columns: { ...savedVersion, control_m_document_id: uuid, name: text, source: text, folders: text },
    references: [{ column: 'control_m_document_id', table: 'control_m_documents', onDelete: 'CASCADE' }],
    indexes: [
      {
        name: 'uq_control_m_document_versions_control_m_document_id_version',
        columns: ['control_m_document_id', 'version'],
        isUnique: true,
      },
    ],
  },
  control_m_folder_versions: {
    columns: { ...savedVersion, control_m_folder_id: uuid, name: text, definition: text, job_count: { kind: 'integer' } },
    references: [{ column: 'control_m_folder_id', table: 'control_m_folders', onDelete: 'CASCADE' }],
    indexes: [
      {
        name: 'uq_control_m_folder_versions_control_m_folder_id_version',
        columns: ['control_m_folder_id', 'version'],
        isUnique: true,
      },
    ],
  },
} as const satisfies Readonly<Record<string, DomainTable>>;
