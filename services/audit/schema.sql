-- Generated from the migrations by `make generate`: what they lead to. Not run by anything.

CREATE TABLE audit.audit_events (
  action text NOT NULL,
  actor_id text NOT NULL,
  actor_type text NOT NULL,
  changes jsonb,
  community_id uuid,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  ip text,
  leaf_hash bytea,
  leaf_index bigint,
  occurred_at timestamp with time zone NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  request_id text NOT NULL,
  resource_id text NOT NULL,
  resource_name text,
  resource_type text NOT NULL,
  result text NOT NULL,
  service text NOT NULL,
  session_id uuid,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_agent text,
  CONSTRAINT ck_audit_events_actor_type CHECK ((actor_type = ANY (ARRAY['user'::text, 'token'::text, 'system'::text]))),
  CONSTRAINT ck_audit_events_occurred_at CHECK (((occurred_at >= '1970-01-01 00:00:00+00'::timestamp with time zone) AND (occurred_at < '9999-12-31 00:00:00+00'::timestamp with time zone))),
  CONSTRAINT ck_audit_events_result CHECK ((result = ANY (ARRAY['success'::text, 'denied'::text, 'failure'::text]))),
  CONSTRAINT pk_audit_events PRIMARY KEY (id)
);
CREATE INDEX idx_audit_events_action_occurred_at ON audit.audit_events USING btree (action, occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_actor_id_occurred_at ON audit.audit_events USING btree (actor_id, occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_community_id_occurred_at ON audit.audit_events USING btree (community_id, occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_occurred_at ON audit.audit_events USING btree (occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_request_id_occurred_at ON audit.audit_events USING btree (request_id, occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_resource_id_occurred_at ON audit.audit_events USING btree (resource_id, occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_resource_type_occurred_at ON audit.audit_events USING btree (resource_type, occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_result_occurred_at ON audit.audit_events USING btree (result, occurred_at DESC, id DESC);

CREATE TABLE audit.event_counts (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id smallint NOT NULL,
  last_recorded_at timestamp with time zone NOT NULL,
  stored bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_event_counts PRIMARY KEY (id)
);

CREATE TABLE audit.rejected_events (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  raw jsonb NOT NULL,
  reason text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_rejected_events PRIMARY KEY (id)
);
CREATE INDEX idx_rejected_events_created_at ON audit.rejected_events USING btree (created_at);
