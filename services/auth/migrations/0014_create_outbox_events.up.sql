CREATE TABLE IF NOT EXISTS auth.outbox_events (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
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
  CONSTRAINT pk_outbox_events PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_outbox_events_shard_available_at ON auth.outbox_events (shard, available_at, id) WHERE published_at IS NULL;
CREATE INDEX IF NOT EXISTS idx_outbox_events_published_at ON auth.outbox_events (published_at, id) WHERE published_at IS NOT NULL;
