DROP INDEX IF EXISTS team.idx_invites_own_role_id;
