INSERT INTO auth.user_passwords (user_id, password_hash) VALUES ('auth0|grace', '$2b$12$planted')
ON CONFLICT (user_id) DO NOTHING;
