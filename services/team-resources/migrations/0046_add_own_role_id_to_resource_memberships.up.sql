-- A membership with a role of the community's own. `role` is the rank of that role then.
ALTER TABLE team.resource_memberships ADD COLUMN IF NOT EXISTS own_role_id uuid
  CONSTRAINT fk_resource_memberships_own_role_id REFERENCES team.own_roles (id) ON DELETE RESTRICT;
