ALTER TABLE auth.outgoing_mails DROP COLUMN IF EXISTS request_id;
