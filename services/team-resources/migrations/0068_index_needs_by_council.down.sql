DROP INDEX IF EXISTS team.idx_needs_council_id_created_at;
