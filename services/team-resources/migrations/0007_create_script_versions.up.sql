-- Every saved version of a script, the current one too.
CREATE TABLE IF NOT EXISTS team.script_versions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  script_id uuid NOT NULL,
  version int8 NOT NULL,
  name text NOT NULL,
  language text NOT NULL,
  content text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_script_versions PRIMARY KEY (id),
  CONSTRAINT fk_script_versions_script_id FOREIGN KEY (script_id) REFERENCES team.scripts (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_script_versions_script_id_version ON team.script_versions (script_id, version);
