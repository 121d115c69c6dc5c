-- The forms that names of Control-M folders, jobs and events have: a list of rules, checked by its schema at the edge.
ALTER TABLE team.workspaces
  ADD COLUMN IF NOT EXISTS naming_rules jsonb NOT NULL DEFAULT '[]';
