-- While the queue of one kind is full, the others are claimed without passing over what waits for it.
CREATE INDEX IF NOT EXISTS idx_outbox_events_kind_shard_available_at ON team.outbox_events (kind, shard, available_at)
  WHERE published_at IS NULL;
