ALTER TABLE team.invites
  DROP COLUMN IF EXISTS delivery,
  DROP COLUMN IF EXISTS mail_request_id,
  DROP COLUMN IF EXISTS resent_at,
  DROP COLUMN IF EXISTS mails_requested;
