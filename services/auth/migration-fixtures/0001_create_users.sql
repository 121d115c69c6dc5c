INSERT INTO auth.users (id, email, is_email_verified, display_name, status, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000000001', 'ada@example.org', true, 'Ada', 'active', NULL),
  ('auth0|grace', 'grace@example.org', false, 'Grace Ω', 'suspended', '2026-01-02T03:04:05.678Z')
ON CONFLICT (id) DO NOTHING;
