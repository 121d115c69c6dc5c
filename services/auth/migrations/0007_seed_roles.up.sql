INSERT INTO auth.roles (name, permissions) VALUES
  ('owner', ARRAY['user:read', 'user:update', 'role:read', 'role:assign', 'audit:read', 'installation:manage', 'community:create']),
  ('admin', ARRAY['user:read', 'user:update', 'role:read', 'role:assign', 'audit:read', 'community:create']),
  ('auditor', ARRAY['audit:read', 'role:read']),
  ('member', ARRAY['community:create'])
ON CONFLICT (name) DO NOTHING;
