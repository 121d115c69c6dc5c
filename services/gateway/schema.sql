-- Generated from the migrations by `make generate`: what they lead to. Not run by anything.

CREATE TABLE control_m_document_versions (
  id TEXT NOT NULL,
  control_m_document_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  folders TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  restored_from INTEGER,
  size_bytes INTEGER,
  sha256 TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_control_m_document_versions PRIMARY KEY (id),
  CONSTRAINT fk_control_m_document_versions_control_m_document_id
    FOREIGN KEY (control_m_document_id) REFERENCES control_m_documents (id) ON DELETE CASCADE
) STRICT;

CREATE UNIQUE INDEX uq_control_m_document_versions_control_m_document_id_version
  ON control_m_document_versions (control_m_document_id, version);

CREATE TABLE control_m_documents (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  folders TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  version INTEGER NOT NULL DEFAULT 1,
  deleted_at TEXT,
  size_bytes INTEGER,
  sha256 TEXT,
  CONSTRAINT pk_control_m_documents PRIMARY KEY (id),
  CONSTRAINT fk_control_m_documents_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX idx_control_m_documents_workspace_id_created_at ON control_m_documents (workspace_id, created_at, id);

CREATE UNIQUE INDEX uq_control_m_documents_workspace_id_name
  ON control_m_documents (workspace_id, name) WHERE deleted_at IS NULL;

CREATE TABLE control_m_folder_versions (
  id TEXT NOT NULL,
  control_m_folder_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  job_count INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  restored_from INTEGER,
  size_bytes INTEGER,
  sha256 TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_control_m_folder_versions PRIMARY KEY (id),
  CONSTRAINT fk_control_m_folder_versions_control_m_folder_id
    FOREIGN KEY (control_m_folder_id) REFERENCES control_m_folders (id) ON DELETE CASCADE
) STRICT;

CREATE UNIQUE INDEX uq_control_m_folder_versions_control_m_folder_id_version
  ON control_m_folder_versions (control_m_folder_id, version);

CREATE TABLE control_m_folders (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  job_count INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  deleted_at TEXT,
  size_bytes INTEGER,
  sha256 TEXT,
  CONSTRAINT pk_control_m_folders PRIMARY KEY (id),
  CONSTRAINT fk_control_m_folders_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX idx_control_m_folders_workspace_id_created_at ON control_m_folders (workspace_id, created_at, id);

CREATE UNIQUE INDEX uq_control_m_folders_workspace_id_name ON control_m_folders (workspace_id, name)
  WHERE deleted_at IS NULL;

CREATE TABLE data_looks (
  id TEXT NOT NULL,
  table_name TEXT NOT NULL,
  filtered_by TEXT NOT NULL DEFAULT '[]',
  sorted_by TEXT NOT NULL DEFAULT '[]',
  user_id TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_data_looks PRIMARY KEY (id)
) STRICT;

CREATE INDEX idx_data_looks_created_at ON data_looks (created_at, id);

CREATE TABLE idempotency_keys (
  id TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  answer TEXT,
  expires_at TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_idempotency_keys PRIMARY KEY (id)
) STRICT;

CREATE INDEX idx_idempotency_keys_expires_at ON idempotency_keys (expires_at);

CREATE UNIQUE INDEX uq_idempotency_keys_principal_id_key ON idempotency_keys (principal_id, key);

CREATE TABLE script_versions (
  id TEXT NOT NULL,
  script_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  content TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  note TEXT NOT NULL DEFAULT '',
  restored_from INTEGER,
  size_bytes INTEGER,
  sha256 TEXT,
  CONSTRAINT pk_script_versions PRIMARY KEY (id),
  CONSTRAINT fk_script_versions_script_id FOREIGN KEY (script_id) REFERENCES scripts (id) ON DELETE CASCADE
) STRICT;

CREATE UNIQUE INDEX uq_script_versions_script_id_version ON script_versions (script_id, version);

CREATE TABLE scripts (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  content TEXT NOT NULL,
  created_by TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  deleted_at TEXT,
  size_bytes INTEGER,
  sha256 TEXT,
  description TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '[]',
  CONSTRAINT pk_scripts PRIMARY KEY (id),
  CONSTRAINT fk_scripts_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX idx_scripts_workspace_id_created_at ON scripts (workspace_id, created_at, id);

CREATE TABLE settings (
  id TEXT NOT NULL,
  value TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_settings PRIMARY KEY (id),
  CONSTRAINT ck_settings_value CHECK (json_valid(value))
) STRICT;

CREATE TABLE sync_bases (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  own_version INTEGER NOT NULL,
  shared_version INTEGER NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  description TEXT,
  tags TEXT,
  document TEXT,
  CONSTRAINT pk_sync_bases PRIMARY KEY (id),
  CONSTRAINT ck_sync_bases_kind CHECK (kind IN ('script', 'control-m-folder', 'control-m-document', 'workspace')),
  CONSTRAINT fk_sync_bases_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX idx_sync_bases_workspace_id ON sync_bases (workspace_id);

CREATE TABLE sync_conflicts (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  base TEXT,
  mine TEXT,
  theirs TEXT,
  own_version INTEGER,
  shared_version INTEGER,
  pointers TEXT NOT NULL DEFAULT '[]',
  resolution TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_sync_conflicts PRIMARY KEY (id),
  CONSTRAINT ck_sync_conflicts_kind CHECK (kind IN ('script', 'control-m-folder', 'control-m-document', 'workspace')),
  CONSTRAINT ck_sync_conflicts_resolution CHECK (resolution IN ('mine', 'theirs', 'merged', 'withdrawn')),
  CONSTRAINT fk_sync_conflicts_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX idx_sync_conflicts_workspace_id_created_at ON sync_conflicts (workspace_id, created_at, id);

CREATE UNIQUE INDEX uq_sync_conflicts_document_id ON sync_conflicts (document_id) WHERE resolution IS NULL;

CREATE TABLE workspace_shares (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  shared_at TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_workspace_shares PRIMARY KEY (id),
  CONSTRAINT fk_workspace_shares_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;

CREATE UNIQUE INDEX uq_workspace_shares_workspace_id ON workspace_shares (workspace_id);

CREATE TABLE workspace_sync_rows (
  id TEXT NOT NULL,
  workspace_sync_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  action TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  base_before TEXT,
  own_version_before INTEGER,
  own_version INTEGER,
  shared_version INTEGER,
  push TEXT,
  sync_conflict_id TEXT,
  code TEXT,
  detail TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_workspace_sync_rows PRIMARY KEY (id),
  CONSTRAINT ck_workspace_sync_rows_kind CHECK (kind IN ('script', 'control-m-folder', 'control-m-document', 'workspace')),
  CONSTRAINT ck_workspace_sync_rows_action CHECK (action IN ('push', 'pull', 'merge', 'delete', 'conflict', 'nothing')),
  CONSTRAINT ck_workspace_sync_rows_state CHECK (state IN ('sent', 'done', 'refused', 'undoing', 'undone', 'kept')),
  CONSTRAINT fk_workspace_sync_rows_workspace_sync_id FOREIGN KEY (workspace_sync_id) REFERENCES workspace_syncs (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX idx_workspace_sync_rows_workspace_sync_id ON workspace_sync_rows (workspace_sync_id);

CREATE TABLE workspace_syncs (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_workspace_syncs PRIMARY KEY (id),
  CONSTRAINT ck_workspace_syncs_state CHECK (state IN ('running', 'finished', 'undoing', 'undone')),
  CONSTRAINT fk_workspace_syncs_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX idx_workspace_syncs_workspace_id ON workspace_syncs (workspace_id);

CREATE UNIQUE INDEX uq_workspace_syncs_workspace_id ON workspace_syncs (workspace_id)
  WHERE state IN ('running', 'undoing');

CREATE TABLE workspaces (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  created_by TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  deleted_at TEXT,
  naming_rules TEXT NOT NULL DEFAULT '[]',
  CONSTRAINT pk_workspaces PRIMARY KEY (id)
) STRICT;

CREATE INDEX idx_workspaces_created_at ON workspaces (created_at, id);
