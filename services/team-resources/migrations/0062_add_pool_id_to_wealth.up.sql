-- The pool that wealth is shared with, in place of a council: who contributes to it and who hands out of it see it.
ALTER TABLE team.wealth ADD COLUMN IF NOT EXISTS pool_id uuid
  CONSTRAINT fk_wealth_pool_id REFERENCES team.pools (id) ON DELETE CASCADE
  CONSTRAINT ck_wealth_pool_id CHECK (pool_id IS NULL OR council_id IS NULL);
