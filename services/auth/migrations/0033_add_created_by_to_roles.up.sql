-- Who made an own role. Null for the roles that a migration made.
ALTER TABLE auth.roles ADD COLUMN IF NOT EXISTS created_by text;
