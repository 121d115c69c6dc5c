-- The list of service accounts, which are few among many.
CREATE INDEX IF NOT EXISTS idx_users_is_service_created_at_id ON auth.users (is_service, created_at, id) WHERE is_service;
