-- Events that were promised with a change and are not yet confirmed by who takes them.
CREATE TABLE IF NOT EXISTS team.outbox_events (
  id uuid NOT NULL,
  shard int2 NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  occurred_at timestamptz NOT NULL,
  available_at timestamptz NOT NULL DEFAULT now(),
  claimed_by text,
  claimed_until timestamptz,
  attempts int8 NOT NULL DEFAULT 0,
  published_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_outbox_events PRIMARY KEY (id),
  CONSTRAINT ck_outbox_events_shard CHECK (shard >= 0 AND shard < 8)
);
CREATE INDEX IF NOT EXISTS idx_outbox_events_shard_available_at ON team.outbox_events (shard, available_at)
  WHERE published_at IS NULL;
CREATE INDEX IF NOT EXISTS idx_outbox_events_published_at ON team.outbox_events (published_at)
  WHERE published_at IS NOT NULL;
