// Generated from schema.sql by `make generate`.

export interface ControlMDocumentVersionsRow {
  readonly id: string;
  readonly control_m_document_id: string;
  readonly version: number;
  readonly name: string;
  readonly source: string;
  readonly folders: string;
  readonly note: string;
  readonly restored_from: number | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ControlMDocumentsRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly source: string;
  readonly folders: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly version: number;
  readonly deleted_at: string | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
}

export interface ControlMFolderVersionsRow {
  readonly id: string;
  readonly control_m_folder_id: string;
  readonly version: number;
  readonly name: string;
  readonly definition: string;
  readonly job_count: number;
  readonly note: string;
  readonly restored_from: number | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ControlMFoldersRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly definition: string;
  readonly job_count: number;
  readonly created_by: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted_at: string | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
}

export interface DataLooksRow {
  readonly id: string;
  readonly table_name: string;
  readonly filtered_by: string;
  readonly sorted_by: string;
  readonly user_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface IdempotencyKeysRow {
  readonly id: string;
  readonly principal_id: string;
  readonly key: string;
  readonly request_hash: string;
  readonly answer: string | null;
  readonly expires_at: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ScriptVersionsRow {
  readonly id: string;
  readonly script_id: string;
  readonly version: number;
  readonly name: string;
  readonly language: string;
  readonly content: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly note: string;
  readonly restored_from: number | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
}

export interface ScriptsRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly language: string;
  readonly content: string;
  readonly created_by: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted_at: string | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
  readonly description: string;
  readonly tags: string;
}

export interface SettingsRow {
  readonly id: string;
  readonly value: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface SyncBasesRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly kind: string;
  readonly own_version: number;
  readonly shared_version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly description: string | null;
  readonly tags: string | null;
  readonly document: string | null;
}

export interface SyncConflictsRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly document_id: string;
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly base: string | null;
  readonly mine: string | null;
  readonly theirs: string | null;
  readonly own_version: number | null;
  readonly shared_version: number | null;
  readonly pointers: string;
  readonly resolution: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface WorkspaceSharesRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly community_id: string;
  readonly sha256: string;
  readonly shared_at: string | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface WorkspaceSyncRowsRow {
  readonly id: string;
  readonly workspace_sync_id: string;
  readonly document_id: string;
  readonly kind: string;
  readonly name: string;
  readonly action: string;
  readonly reason: string;
  readonly state: string;
  readonly base_before: string | null;
  readonly own_version_before: number | null;
  readonly own_version: number | null;
  readonly shared_version: number | null;
  readonly push: string | null;
  readonly sync_conflict_id: string | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface WorkspaceSyncsRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly state: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface WorkspacesRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly created_by: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted_at: string | null;
  readonly naming_rules: string;
}
