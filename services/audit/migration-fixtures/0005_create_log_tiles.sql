INSERT INTO audit.log_tiles (id, level, tile_index, hashes) VALUES
  ('00000000-0000-4000-8000-000000000043', 0, 0, decode(repeat('ab', 8192), 'hex')),
  ('00000000-0000-4000-8000-000000000044', 1, 0, decode(repeat('cd', 32), 'hex'))
ON CONFLICT (id) DO NOTHING;
