-- The event that asked for the mail, whose sender is informed of what became of it. Null for a mail of this service's own.
ALTER TABLE auth.outgoing_mails ADD COLUMN IF NOT EXISTS request_id uuid;
