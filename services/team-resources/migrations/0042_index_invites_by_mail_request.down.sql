DROP INDEX IF EXISTS team.idx_invites_mail_request_id;
