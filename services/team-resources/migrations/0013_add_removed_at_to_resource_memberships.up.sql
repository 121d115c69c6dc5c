-- When another member removed this one, by the database's clock; null for who left. Invites that were made before do not bring them back.
ALTER TABLE team.resource_memberships ADD COLUMN IF NOT EXISTS removed_at timestamptz;
