INSERT INTO auth.passkeys (id, user_id, credential_id, public_key, sign_count, is_backed_up, name) VALUES
  ('00000000-0000-4000-8000-000000000411', 'auth0|grace', 'credential-1', 'key-1', 0, true, 'Laptop')
ON CONFLICT (id) DO NOTHING;
