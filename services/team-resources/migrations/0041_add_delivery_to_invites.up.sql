-- What became of the mail of an invite, the event that asked for it, how often that was, and when it was last sent again. Invites of earlier days were never mailed.
ALTER TABLE team.invites
  ADD COLUMN IF NOT EXISTS delivery text NOT NULL DEFAULT 'link_only'
    CONSTRAINT ck_invites_delivery CHECK (delivery IN ('link_only', 'waiting', 'sent', 'refused', 'failed', 'held')),
  ADD COLUMN IF NOT EXISTS mail_request_id uuid,
  ADD COLUMN IF NOT EXISTS resent_at timestamptz,
  ADD COLUMN IF NOT EXISTS mails_requested int8 NOT NULL DEFAULT 0;
