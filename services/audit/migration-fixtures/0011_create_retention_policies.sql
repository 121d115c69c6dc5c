INSERT INTO audit.retention_policies (id, name, keep_days) VALUES ('00000000-0000-4000-8000-000000000111', 'default', 365)
ON CONFLICT (id) DO NOTHING;
