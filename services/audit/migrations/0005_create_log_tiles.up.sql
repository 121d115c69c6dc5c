-- Runs of up to 256 hashes of the Merkle log. Level 0 holds leaf hashes, in whole tiles only; each level above holds the roots of the whole
-- tiles below it, its last tile growing until it is whole.
CREATE TABLE IF NOT EXISTS audit.log_tiles (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  level int2 NOT NULL,
  tile_index int8 NOT NULL,
  hashes bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_log_tiles PRIMARY KEY (id),
  CONSTRAINT ck_log_tiles_level CHECK (level >= 0),
  CONSTRAINT ck_log_tiles_tile_index CHECK (tile_index >= 0),
  CONSTRAINT ck_log_tiles_hashes CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_log_tiles_level_tile_index ON audit.log_tiles (level, tile_index);
