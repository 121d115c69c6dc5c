ALTER TABLE auth.outbox_events DROP COLUMN IF EXISTS traceparent;
