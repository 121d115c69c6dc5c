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
CREATE INDEX idx_audit_events_recorded_at ON audit.audit_events USING btree (recorded_at, id) WHERE (leaf_index IS NULL);
CREATE INDEX idx_audit_events_request_id_occurred_at ON audit.audit_events USING btree (request_id, occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_resource_id_occurred_at ON audit.audit_events USING btree (resource_id, occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_resource_type_occurred_at ON audit.audit_events USING btree (resource_type, occurred_at DESC, id DESC);
CREATE INDEX idx_audit_events_result_occurred_at ON audit.audit_events USING btree (result, occurred_at DESC, id DESC);
CREATE UNIQUE INDEX uq_audit_events_leaf_index ON audit.audit_events USING btree (leaf_index);

CREATE TABLE audit.checkpoints (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  note text NOT NULL,
  root_hash bytea NOT NULL,
  size bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_checkpoints_root_hash CHECK ((octet_length(root_hash) = 32)),
  CONSTRAINT ck_checkpoints_size CHECK ((size >= 0)),
  CONSTRAINT pk_checkpoints PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_checkpoints_size ON audit.checkpoints USING btree (size);

CREATE TABLE audit.event_counts (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id smallint NOT NULL,
  last_recorded_at timestamp with time zone NOT NULL,
  stored bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_event_counts PRIMARY KEY (id)
);

CREATE TABLE audit.forward_cursors (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  fencing bigint NOT NULL DEFAULT 0,
  holder uuid,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  next_leaf_index bigint NOT NULL DEFAULT 0,
  sending_to bigint,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_forward_cursors_next_leaf_index CHECK ((next_leaf_index >= 0)),
  CONSTRAINT ck_forward_cursors_sending_to CHECK ((sending_to >= next_leaf_index)),
  CONSTRAINT pk_forward_cursors PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_forward_cursors_name ON audit.forward_cursors USING btree (name);

CREATE TABLE audit.log_heads (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  fencing bigint NOT NULL DEFAULT 0,
  frontier bytea NOT NULL,
  holder uuid,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  last_recorded_at timestamp with time zone,
  name text NOT NULL,
  size bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_log_heads_frontier CHECK (((octet_length(frontier) % 32) = 0)),
  CONSTRAINT ck_log_heads_size CHECK ((size >= 0)),
  CONSTRAINT pk_log_heads PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_log_heads_name ON audit.log_heads USING btree (name);

CREATE TABLE audit.log_keys (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  origin text NOT NULL,
  public_key bytea NOT NULL,
  sealed_anchor text,
  sealed_private_key text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_log_keys_public_key CHECK ((octet_length(public_key) = 32)),
  CONSTRAINT pk_log_keys PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_log_keys_name ON audit.log_keys USING btree (name);

CREATE TABLE audit.log_tiles (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  hashes bytea NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  level smallint NOT NULL,
  tile_index bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_log_tiles_hashes CHECK ((((octet_length(hashes) % 32) = 0) AND ((octet_length(hashes) >= 32) AND (octet_length(hashes) <= 8192)))),
  CONSTRAINT ck_log_tiles_level CHECK ((level >= 0)),
  CONSTRAINT ck_log_tiles_tile_index CHECK ((tile_index >= 0)),
  CONSTRAINT pk_log_tiles PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_log_tiles_level_tile_index ON audit.log_tiles USING btree (level, tile_index);

CREATE TABLE audit.rejected_events (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  raw jsonb NOT NULL,
  reason text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_rejected_events PRIMARY KEY (id)
);
CREATE INDEX idx_rejected_events_created_at ON audit.rejected_events USING btree (created_at);

CREATE TABLE audit.removed_events (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  leaf_hash bytea NOT NULL,
  leaf_index bigint NOT NULL,
  reason text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_removed_events_leaf_hash CHECK ((octet_length(leaf_hash) = 32)),
  CONSTRAINT ck_removed_events_reason CHECK ((reason = ANY (ARRAY['pruned'::text, 'redacted'::text]))),
  CONSTRAINT pk_removed_events PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_removed_events_leaf_index ON audit.removed_events USING btree (leaf_index);

CREATE TABLE audit.retention_policies (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  keep_days integer,
  name text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT ck_retention_policies_keep_days CHECK (((keep_days >= 1) AND (keep_days <= 36500))),
  CONSTRAINT pk_retention_policies PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_retention_policies_name ON audit.retention_policies USING btree (name);
