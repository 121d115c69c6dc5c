INSERT INTO auth.oauth_connections (id, user_id, provider, provider_user_id) VALUES
  ('00000000-0000-4000-8000-000000000091', 'auth0|grace', 'auth0', 'grace')
ON CONFLICT (id) DO NOTHING;
