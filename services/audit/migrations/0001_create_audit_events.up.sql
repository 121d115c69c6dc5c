-- Who did what to which resource. Appended to, never changed; no foreign keys, because an event outlives what it tells of.
-- leaf_index and leaf_hash are the event's place in the Merkle log, null until it has one. Times that a cursor cannot say are refused.
CREATE TABLE IF NOT EXISTS audit.audit_events (
  id uuid NOT NULL,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  session_id uuid,
  ip text,
  user_agent text,
  action text NOT NULL,
  resource_type text NOT NULL,
  resource_id text NOT NULL,
  resource_name text,
  community_id uuid,
  result text NOT NULL,
  changes jsonb,
  request_id text NOT NULL,
  service text NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  leaf_index int8,
  leaf_hash bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_audit_events PRIMARY KEY (id),
  CONSTRAINT ck_audit_events_actor_type CHECK (actor_type IN ('user', 'token', 'system')),
  CONSTRAINT ck_audit_events_result CHECK (result IN ('success', 'denied', 'failure')),
  CONSTRAINT ck_audit_events_occurred_at CHECK (occurred_at >= '1970-01-01 00:00:00+00' AND occurred_at < '9999-12-31 00:00:00+00')
);
CREATE INDEX IF NOT EXISTS idx_audit_events_occurred_at ON audit.audit_events (occurred_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS idx_audit_events_community_id_occurred_at ON audit.audit_events (community_id, occurred_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS idx_audit_events_actor_id_occurred_at ON audit.audit_events (actor_id, occurred_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS idx_audit_events_action_occurred_at ON audit.audit_events (action, occurred_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS idx_audit_events_resource_id_occurred_at ON audit.audit_events (resource_id, occurred_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS idx_audit_events_resource_type_occurred_at ON audit.audit_events (resource_type, occurred_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS idx_audit_events_request_id_occurred_at ON audit.audit_events (request_id, occurred_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS idx_audit_events_result_occurred_at ON audit.audit_events (result, occurred_at DESC, id DESC);
