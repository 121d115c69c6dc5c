DROP INDEX IF EXISTS auth.idx_users_is_service_created_at_id;
