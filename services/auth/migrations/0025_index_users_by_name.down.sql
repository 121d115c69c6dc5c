DROP INDEX IF EXISTS auth.idx_users_display_name_id;
