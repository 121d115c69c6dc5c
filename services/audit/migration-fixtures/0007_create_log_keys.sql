INSERT INTO audit.log_keys (id, name, origin, public_key, sealed_private_key) VALUES
  ('00000000-0000-4000-8000-000000000046', 'audit', 'guildhall-audit/1', decode(repeat('ab', 32), 'hex'), 'sealed')
ON CONFLICT (id) DO NOTHING;
