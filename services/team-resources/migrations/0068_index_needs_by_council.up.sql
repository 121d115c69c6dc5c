CREATE INDEX IF NOT EXISTS idx_needs_council_id_created_at ON team.needs (council_id, created_at, id);
