-- How far the audit trail was forwarded to a receiver outside. One process at a time sends: the one that holds the lease. sending_to is the last
-- leaf index of the batch under way, kept until the receiver has taken it, so that a repeated batch is the same batch.
CREATE TABLE IF NOT EXISTS audit.forward_cursors (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  next_leaf_index int8 NOT NULL DEFAULT 0,
  sending_to int8,
  holder uuid,
  fencing int8 NOT NULL DEFAULT 0,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_forward_cursors PRIMARY KEY (id),
  CONSTRAINT ck_forward_cursors_next_leaf_index CHECK (next_leaf_index >= 0),
  CONSTRAINT ck_forward_cursors_sending_to CHECK (sending_to >= next_leaf_index)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_forward_cursors_name ON audit.forward_cursors (name);
