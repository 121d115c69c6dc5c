-- The head of each Merkle log: how many leaves it has and the roots of their perfect subtrees (32 bytes each, largest first). One process at a
-- time appends: the one that holds the lease, and whatever it writes names the size that it saw and the number of its lease.
CREATE TABLE IF NOT EXISTS audit.log_heads (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  size int8 NOT NULL,
  frontier bytea NOT NULL,
  holder uuid,
  fencing int8 NOT NULL DEFAULT 0,
  expires_at timestamptz,
  last_recorded_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_log_heads PRIMARY KEY (id),
  CONSTRAINT ck_log_heads_size CHECK (size >= 0),
  CONSTRAINT ck_log_heads_frontier CHECK (octet_length(frontier) % 32 = 0)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_log_heads_name ON audit.log_heads (name);
