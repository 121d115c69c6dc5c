-- The forms that names of Control-M folders, jobs and events have: a list of rules as JSON.
ALTER TABLE workspaces ADD COLUMN naming_rules TEXT NOT NULL DEFAULT '[]';
