-- How long payloads are kept: one row for the whole trail. Null: for ever.
CREATE TABLE IF NOT EXISTS audit.retention_policies (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  keep_days int4,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_retention_policies PRIMARY KEY (id),
  CONSTRAINT ck_retention_policies_keep_days CHECK (keep_days BETWEEN 1 AND 36500)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_retention_policies_name ON audit.retention_policies (name);
