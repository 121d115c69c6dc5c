INSERT INTO data_looks (id, table_name, filtered_by, sorted_by, user_id) VALUES
  ('00000000-0000-4000-8000-000000000095', 'scripts', '["language"]', '["created_at","id"]', '00000000-0000-4000-8000-000000000001')
ON CONFLICT (id) DO NOTHING;
