INSERT INTO auth.recovery_codes (user_id, code_hashes) VALUES ('auth0|grace', ARRAY['hash-1', 'hash-2'])
ON CONFLICT (user_id) DO NOTHING;
