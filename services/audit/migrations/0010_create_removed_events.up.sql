-- Events whose payload was removed, by retention or at somebody's request. Their place in the log and their leaf hash stay, so that every
-- proof still holds; their id stays, so that a late delivery is not stored again.
CREATE TABLE IF NOT EXISTS audit.removed_events (
  id uuid NOT NULL,
  leaf_index int8 NOT NULL,
  leaf_hash bytea NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_removed_events PRIMARY KEY (id),
  CONSTRAINT ck_removed_events_reason CHECK (reason IN ('pruned', 'redacted')),
  CONSTRAINT ck_removed_events_leaf_hash CHECK (octet_length(leaf_hash) = 32)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_removed_events_leaf_index ON audit.removed_events (leaf_index);
