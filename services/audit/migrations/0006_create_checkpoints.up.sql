-- What the log signed: its size, its root, and the whole note. Added, never changed; a size is signed once.
CREATE TABLE IF NOT EXISTS audit.checkpoints (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  size int8 NOT NULL,
  root_hash bytea NOT NULL,
  note text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_checkpoints PRIMARY KEY (id),
  CONSTRAINT ck_checkpoints_size CHECK (size >= 0),
  CONSTRAINT ck_checkpoints_root_hash CHECK (octet_length(root_hash) = 32)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_checkpoints_size ON audit.checkpoints (size);
