INSERT INTO settings (id, value) VALUES ('theme', '"dark"') ON CONFLICT (id) DO NOTHING;
