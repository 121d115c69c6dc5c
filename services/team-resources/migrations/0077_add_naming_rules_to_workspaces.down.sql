ALTER TABLE team.workspaces
  DROP COLUMN IF EXISTS naming_rules;
