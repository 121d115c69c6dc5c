ALTER TABLE team.outbox_events DROP COLUMN IF EXISTS traceparent;
