-- The trace of the request that appended an event (W3C Trace Context), for whoever publishes and records it; NULL where it was not traced.
ALTER TABLE auth.outbox_events ADD COLUMN IF NOT EXISTS traceparent text;
