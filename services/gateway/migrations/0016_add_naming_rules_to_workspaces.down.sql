ALTER TABLE workspaces DROP COLUMN naming_rules;
