-- What a script is for, and the words by which it is found: a list of texts.
ALTER TABLE team.scripts
  ADD COLUMN IF NOT EXISTS description text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS tags jsonb NOT NULL DEFAULT '[]';
