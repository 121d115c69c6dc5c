DROP INDEX IF EXISTS auth.idx_users_access_changed_at;
