-- What came into a pool, or was handed out of it.
CREATE TABLE IF NOT EXISTS team.pool_contributions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  pool_id uuid NOT NULL,
  kind text NOT NULL,
  quantity int8 NOT NULL,
  note text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_pool_contributions PRIMARY KEY (id),
  CONSTRAINT ck_pool_contributions_kind CHECK (kind IN ('contribution', 'hand-out')),
  CONSTRAINT ck_pool_contributions_quantity CHECK (quantity > 0),
  CONSTRAINT fk_pool_contributions_pool_id FOREIGN KEY (pool_id) REFERENCES team.pools (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_pool_contributions_pool_id_created_at ON team.pool_contributions (pool_id, created_at, id);
