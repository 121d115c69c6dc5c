DROP INDEX IF EXISTS auth.idx_users_created_at_id;
