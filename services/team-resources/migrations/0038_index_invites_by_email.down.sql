DROP INDEX IF EXISTS team.idx_invites_email_created_at;
