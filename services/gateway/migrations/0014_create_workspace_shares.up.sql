-- The workspaces that move, or have moved, into a community: what is here is then this machine's copy. shared_at is null while one moves.
CREATE TABLE IF NOT EXISTS workspace_shares (
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
CREATE UNIQUE INDEX IF NOT EXISTS uq_workspace_shares_workspace_id ON workspace_shares (workspace_id);
