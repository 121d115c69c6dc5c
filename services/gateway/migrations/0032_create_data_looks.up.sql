-- The looks into the tables of this file: which table, by which columns it was filtered and sorted (JSON arrays), and who was signed
-- in, if anybody was. Never a value.
CREATE TABLE IF NOT EXISTS data_looks (
  id TEXT NOT NULL,
  table_name TEXT NOT NULL,
  filtered_by TEXT NOT NULL DEFAULT '[]',
  sorted_by TEXT NOT NULL DEFAULT '[]',
  user_id TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_data_looks PRIMARY KEY (id)
) STRICT;
CREATE INDEX IF NOT EXISTS idx_data_looks_created_at ON data_looks (created_at, id);
