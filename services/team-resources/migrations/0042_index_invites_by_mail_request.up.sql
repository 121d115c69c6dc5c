-- An invite is found by the event that asked for its mail, when auth says what became of it.
CREATE INDEX IF NOT EXISTS idx_invites_mail_request_id ON team.invites (mail_request_id) WHERE mail_request_id IS NOT NULL;
