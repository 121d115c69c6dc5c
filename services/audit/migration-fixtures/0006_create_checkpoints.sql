INSERT INTO audit.checkpoints (id, size, root_hash, note) VALUES
  ('00000000-0000-4000-8000-000000000045', 1, decode(repeat('ab', 32), 'hex'), 'a note')
ON CONFLICT (id) DO NOTHING;
