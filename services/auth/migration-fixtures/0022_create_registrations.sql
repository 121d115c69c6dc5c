INSERT INTO auth.registrations (id, auth_code_id, display_name, password_hash) VALUES
  ('00000000-0000-4000-8000-000000000221', '00000000-0000-4000-8000-000000000052', 'Ada', '$2b$04$hash')
ON CONFLICT (id) DO NOTHING;
