INSERT INTO audit.removed_events (id, leaf_index, leaf_hash, reason) VALUES
  ('00000000-0000-4000-8000-000000000101', 1, '\x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', 'pruned')
ON CONFLICT (id) DO NOTHING;
