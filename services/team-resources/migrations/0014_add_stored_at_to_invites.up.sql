-- When the invite was stored, by the database's clock: it is compared with removals, which other processes may have written.
ALTER TABLE team.invites ADD COLUMN IF NOT EXISTS stored_at timestamptz NOT NULL DEFAULT now();
