-- Generated from the migrations by `make generate`: what they lead to. Not run by anything.

CREATE TABLE team.activities (
  action text NOT NULL,
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  is_contribution boolean NOT NULL,
  is_shown boolean NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  resource_id text NOT NULL,
  resource_name text,
  resource_type text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_activities_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT pk_activities PRIMARY KEY (id)
);
CREATE INDEX idx_activities_community_id_occurred_at ON team.activities USING btree (community_id, occurred_at, id);
CREATE INDEX idx_activities_community_id_user_id_occurred_at ON team.activities USING btree (community_id, user_id, occurred_at) WHERE is_contribution;
CREATE INDEX idx_activities_occurred_at ON team.activities USING btree (occurred_at);
CREATE INDEX idx_activities_resource_id ON team.activities USING btree (resource_id) WHERE (resource_type = ANY (ARRAY['member'::text, 'council-member'::text]));

CREATE TABLE team.app_users (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  display_name text NOT NULL,
  erased_at timestamp with time zone,
  id text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 0,
  CONSTRAINT pk_app_users PRIMARY KEY (id)
);

CREATE TABLE team.communities (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  dashboard_refresh_interval bigint NOT NULL DEFAULT 3600,
  deleted_at timestamp with time zone,
  description text NOT NULL DEFAULT ''::text,
  dispute_handling_councils jsonb NOT NULL DEFAULT '[]'::jsonb,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  metric_visibility_settings jsonb NOT NULL DEFAULT '{"showDisputeRate": true, "showTrustNetwork": true, "showActiveMembers": true, "showCouncilActivity": true, "showNeedsFulfillment": true, "showWealthGeneration": true}'::jsonb,
  min_trust_for_wealth jsonb NOT NULL DEFAULT '{"type": "number", "value": 10}'::jsonb,
  min_trust_to_award_trust jsonb NOT NULL DEFAULT '{"type": "number", "value": 15}'::jsonb,
  name text NOT NULL,
  non_contribution_threshold_days bigint NOT NULL DEFAULT 30,
  poll_creator_users jsonb NOT NULL DEFAULT '[]'::jsonb,
  trust_titles jsonb NOT NULL DEFAULT '{"titles": [{"name": "New", "minScore": 0}, {"name": "Stable", "minScore": 10}, {"name": "Trusted", "minScore": 50}]}'::jsonb,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT pk_communities PRIMARY KEY (id)
);

CREATE TABLE team.community_metrics (
  community_id uuid NOT NULL,
  computed_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  figures jsonb NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  period text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_community_metrics_period CHECK ((period = ANY (ARRAY['day'::text, 'week'::text, 'month'::text]))),
  CONSTRAINT fk_community_metrics_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT pk_community_metrics PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_community_metrics_community_id_period ON team.community_metrics USING btree (community_id, period);

CREATE TABLE team.control_m_document_versions (
  control_m_document_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  folders text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  note text NOT NULL DEFAULT ''::text,
  restored_from bigint,
  sha256 text,
  size_bytes bigint,
  source text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL,
  CONSTRAINT fk_control_m_document_versions_control_m_document_id FOREIGN KEY (control_m_document_id) REFERENCES team.control_m_documents(id) ON DELETE CASCADE,
  CONSTRAINT pk_control_m_document_versions PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_control_m_document_versions_control_m_document_id_version ON team.control_m_document_versions USING btree (control_m_document_id, version);

CREATE TABLE team.control_m_documents (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  folders text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  sha256 text,
  size_bytes bigint,
  source text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  workspace_id uuid NOT NULL,
  CONSTRAINT fk_control_m_documents_workspace_id FOREIGN KEY (workspace_id) REFERENCES team.workspaces(id) ON DELETE CASCADE,
  CONSTRAINT pk_control_m_documents PRIMARY KEY (id)
);
CREATE INDEX idx_control_m_documents_workspace_id_created_at ON team.control_m_documents USING btree (workspace_id, created_at, id);
CREATE UNIQUE INDEX uq_control_m_documents_workspace_id_name ON team.control_m_documents USING btree (workspace_id, name) WHERE (deleted_at IS NULL);

CREATE TABLE team.control_m_folder_versions (
  control_m_folder_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  definition text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  job_count bigint NOT NULL,
  name text NOT NULL,
  note text NOT NULL DEFAULT ''::text,
  restored_from bigint,
  sha256 text,
  size_bytes bigint,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL,
  CONSTRAINT fk_control_m_folder_versions_control_m_folder_id FOREIGN KEY (control_m_folder_id) REFERENCES team.control_m_folders(id) ON DELETE CASCADE,
  CONSTRAINT pk_control_m_folder_versions PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_control_m_folder_versions_control_m_folder_id_version ON team.control_m_folder_versions USING btree (control_m_folder_id, version);

CREATE TABLE team.control_m_folders (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  definition text NOT NULL,
  deleted_at timestamp with time zone,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  job_count bigint NOT NULL,
  name text NOT NULL,
  sha256 text,
  size_bytes bigint,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  workspace_id uuid NOT NULL,
  CONSTRAINT fk_control_m_folders_workspace_id FOREIGN KEY (workspace_id) REFERENCES team.workspaces(id) ON DELETE CASCADE,
  CONSTRAINT pk_control_m_folders PRIMARY KEY (id)
);
CREATE INDEX idx_control_m_folders_workspace_id_created_at ON team.control_m_folders USING btree (workspace_id, created_at, id);
CREATE UNIQUE INDEX uq_control_m_folders_workspace_id_name ON team.control_m_folders USING btree (workspace_id, name) WHERE (deleted_at IS NULL);

CREATE TABLE team.councils (
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  description text NOT NULL DEFAULT ''::text,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT fk_councils_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT pk_councils PRIMARY KEY (id)
);
CREATE INDEX idx_councils_community_id_created_at ON team.councils USING btree (community_id, created_at, id);
CREATE INDEX idx_councils_community_id_name_id ON team.councils USING btree (community_id, lower(name), id);

CREATE TABLE team.disputes (
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  reason text NOT NULL,
  resolution text,
  resolved_by text,
  status text NOT NULL DEFAULT 'open'::text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  wealth_request_id uuid NOT NULL,
  CONSTRAINT ck_disputes_resolution CHECK (((status = 'resolved'::text) = ((resolution IS NOT NULL) AND (resolved_by IS NOT NULL)))),
  CONSTRAINT ck_disputes_status CHECK ((status = ANY (ARRAY['open'::text, 'resolved'::text, 'withdrawn'::text]))),
  CONSTRAINT fk_disputes_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT fk_disputes_wealth_request_id FOREIGN KEY (wealth_request_id) REFERENCES team.wealth_requests(id) ON DELETE CASCADE,
  CONSTRAINT pk_disputes PRIMARY KEY (id)
);
CREATE INDEX idx_disputes_community_id_created_at ON team.disputes USING btree (community_id, created_at, id);
CREATE INDEX idx_disputes_created_at ON team.disputes USING btree (created_at, id);
CREATE INDEX idx_disputes_wealth_request_id ON team.disputes USING btree (wealth_request_id);
CREATE UNIQUE INDEX uq_disputes_wealth_request_id ON team.disputes USING btree (wealth_request_id) WHERE (status = 'open'::text);

CREATE TABLE team.forum_posts (
  content text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  deleted_by text,
  deletion_reason text,
  forum_thread_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  number bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT ck_forum_posts_number CHECK ((number >= 1)),
  CONSTRAINT fk_forum_posts_forum_thread_id FOREIGN KEY (forum_thread_id) REFERENCES team.forum_threads(id) ON DELETE CASCADE,
  CONSTRAINT pk_forum_posts PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_forum_posts_forum_thread_id_number ON team.forum_posts USING btree (forum_thread_id, number);

CREATE TABLE team.forum_reads (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  forum_thread_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  last_read_number bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_forum_reads_forum_thread_id FOREIGN KEY (forum_thread_id) REFERENCES team.forum_threads(id) ON DELETE CASCADE,
  CONSTRAINT fk_forum_reads_user_id FOREIGN KEY (user_id) REFERENCES team.app_users(id) ON DELETE CASCADE,
  CONSTRAINT pk_forum_reads PRIMARY KEY (id)
);
CREATE INDEX idx_forum_reads_user_id_forum_thread_id ON team.forum_reads USING btree (user_id, forum_thread_id);
CREATE UNIQUE INDEX uq_forum_reads_forum_thread_id_user_id ON team.forum_reads USING btree (forum_thread_id, user_id);

CREATE TABLE team.forum_threads (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  deleted_by text,
  forum_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  last_post_at timestamp with time zone NOT NULL,
  last_post_number bigint NOT NULL,
  title text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT fk_forum_threads_forum_id FOREIGN KEY (forum_id) REFERENCES team.forums(id) ON DELETE CASCADE,
  CONSTRAINT pk_forum_threads PRIMARY KEY (id)
);
CREATE INDEX idx_forum_threads_forum_id_created_at ON team.forum_threads USING btree (forum_id, created_at, id);
CREATE INDEX idx_forum_threads_forum_id_last_post_at ON team.forum_threads USING btree (forum_id, last_post_at, id);

CREATE TABLE team.forums (
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  description text NOT NULL DEFAULT ''::text,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT fk_forums_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT pk_forums PRIMARY KEY (id)
);
CREATE INDEX idx_forums_community_id_created_at ON team.forums USING btree (community_id, created_at, id);

CREATE TABLE team.idempotency_keys (
  answer jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  key text NOT NULL,
  principal_id text NOT NULL,
  request_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_idempotency_keys PRIMARY KEY (id)
);
CREATE INDEX idx_idempotency_keys_expires_at ON team.idempotency_keys USING btree (expires_at);
CREATE UNIQUE INDEX uq_idempotency_keys_principal_id_key ON team.idempotency_keys USING btree (principal_id, key);

CREATE TABLE team.inbox_events (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  kind text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_inbox_events PRIMARY KEY (id)
);
CREATE INDEX idx_inbox_events_created_at ON team.inbox_events USING btree (created_at, id);

CREATE TABLE team.invites (
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  declined_at timestamp with time zone,
  delivery text NOT NULL DEFAULT 'link_only'::text,
  email text,
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  mail_request_id uuid,
  mails_requested bigint NOT NULL DEFAULT 0,
  own_role_id uuid,
  resent_at timestamp with time zone,
  revoked_at timestamp with time zone,
  role text NOT NULL,
  stored_at timestamp with time zone NOT NULL DEFAULT now(),
  token_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  uses_left bigint NOT NULL,
  CONSTRAINT ck_invites_delivery CHECK ((delivery = ANY (ARRAY['link_only'::text, 'waiting'::text, 'sent'::text, 'refused'::text, 'failed'::text, 'held'::text]))),
  CONSTRAINT ck_invites_role CHECK ((role = ANY (ARRAY['admin'::text, 'moderator'::text, 'member'::text, 'viewer'::text]))),
  CONSTRAINT ck_invites_uses_left CHECK ((uses_left >= 0)),
  CONSTRAINT fk_invites_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT fk_invites_own_role_id FOREIGN KEY (own_role_id) REFERENCES team.own_roles(id) ON DELETE RESTRICT,
  CONSTRAINT pk_invites PRIMARY KEY (id)
);
CREATE INDEX idx_invites_community_id_created_at ON team.invites USING btree (community_id, created_at, id);
CREATE INDEX idx_invites_email_created_at ON team.invites USING btree (email, created_at, id) WHERE (email IS NOT NULL);
CREATE INDEX idx_invites_mail_request_id ON team.invites USING btree (mail_request_id) WHERE (mail_request_id IS NOT NULL);
CREATE INDEX idx_invites_own_role_id ON team.invites USING btree (own_role_id);
CREATE UNIQUE INDEX uq_invites_token_hash ON team.invites USING btree (token_hash);

CREATE TABLE team.needs (
  community_id uuid NOT NULL,
  council_id uuid,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  description text NOT NULL DEFAULT ''::text,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  interval_days bigint,
  is_of_community boolean NOT NULL DEFAULT false,
  met_at timestamp with time zone,
  quantity bigint NOT NULL,
  reopens_at timestamp with time zone,
  status text NOT NULL DEFAULT 'open'::text,
  times_met bigint NOT NULL DEFAULT 0,
  title text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  wealth_id uuid,
  CONSTRAINT ck_needs_interval_days CHECK ((interval_days > 0)),
  CONSTRAINT ck_needs_is_of_community CHECK (((NOT is_of_community) OR (council_id IS NULL))),
  CONSTRAINT ck_needs_quantity CHECK ((quantity > 0)),
  CONSTRAINT ck_needs_status CHECK ((status = ANY (ARRAY['open'::text, 'met'::text, 'cancelled'::text]))),
  CONSTRAINT fk_needs_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT fk_needs_council_id FOREIGN KEY (council_id) REFERENCES team.councils(id) ON DELETE CASCADE,
  CONSTRAINT fk_needs_wealth_id FOREIGN KEY (wealth_id) REFERENCES team.wealth(id) ON DELETE SET NULL,
  CONSTRAINT pk_needs PRIMARY KEY (id)
);
CREATE INDEX idx_needs_community_id_created_at ON team.needs USING btree (community_id, created_at, id);
CREATE INDEX idx_needs_community_id_title_id ON team.needs USING btree (community_id, lower(title), id);
CREATE INDEX idx_needs_council_id_created_at ON team.needs USING btree (council_id, created_at, id);
CREATE INDEX idx_needs_wealth_id ON team.needs USING btree (wealth_id);

CREATE TABLE team.outbox_events (
  attempts bigint NOT NULL DEFAULT 0,
  available_at timestamp with time zone NOT NULL DEFAULT now(),
  claimed_by text,
  claimed_until timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  kind text NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  payload jsonb NOT NULL,
  published_at timestamp with time zone,
  shard smallint NOT NULL,
  traceparent text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_outbox_events_shard CHECK (((shard >= 0) AND (shard < 8))),
  CONSTRAINT pk_outbox_events PRIMARY KEY (id)
);
CREATE INDEX idx_outbox_events_kind_shard_available_at ON team.outbox_events USING btree (kind, shard, available_at) WHERE (published_at IS NULL);
CREATE INDEX idx_outbox_events_published_at ON team.outbox_events USING btree (published_at) WHERE (published_at IS NOT NULL);
CREATE INDEX idx_outbox_events_shard_available_at ON team.outbox_events USING btree (shard, available_at) WHERE (published_at IS NULL);

CREATE TABLE team.own_roles (
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  description text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  permissions text[] NOT NULL,
  rank text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT ck_own_roles_rank CHECK ((rank = ANY (ARRAY['admin'::text, 'moderator'::text, 'member'::text, 'viewer'::text]))),
  CONSTRAINT fk_own_roles_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT pk_own_roles PRIMARY KEY (id)
);
CREATE INDEX idx_own_roles_community_id_created_at ON team.own_roles USING btree (community_id, created_at, id);
CREATE UNIQUE INDEX uq_own_roles_community_id_name ON team.own_roles USING btree (community_id, lower(name)) WHERE (deleted_at IS NULL);

CREATE TABLE team.poll_ballots (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  option_numbers bigint[] NOT NULL,
  poll_elector_id uuid NOT NULL,
  poll_id uuid NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT fk_poll_ballots_poll_elector_id FOREIGN KEY (poll_elector_id) REFERENCES team.poll_electors(id) ON DELETE CASCADE,
  CONSTRAINT fk_poll_ballots_poll_id FOREIGN KEY (poll_id) REFERENCES team.polls(id) ON DELETE CASCADE,
  CONSTRAINT pk_poll_ballots PRIMARY KEY (id)
);
CREATE INDEX idx_poll_ballots_poll_id ON team.poll_ballots USING btree (poll_id);
CREATE UNIQUE INDEX uq_poll_ballots_poll_elector_id ON team.poll_ballots USING btree (poll_elector_id);

CREATE TABLE team.poll_electors (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  poll_id uuid NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_poll_electors_poll_id FOREIGN KEY (poll_id) REFERENCES team.polls(id) ON DELETE CASCADE,
  CONSTRAINT fk_poll_electors_user_id FOREIGN KEY (user_id) REFERENCES team.app_users(id) ON DELETE RESTRICT,
  CONSTRAINT pk_poll_electors PRIMARY KEY (id)
);
CREATE INDEX idx_poll_electors_user_id_poll_id ON team.poll_electors USING btree (user_id, poll_id);
CREATE UNIQUE INDEX uq_poll_electors_poll_id_user_id ON team.poll_electors USING btree (poll_id, user_id);

CREATE TABLE team.poll_options (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  number bigint NOT NULL,
  poll_id uuid NOT NULL,
  text text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_poll_options_number CHECK ((number >= 1)),
  CONSTRAINT fk_poll_options_poll_id FOREIGN KEY (poll_id) REFERENCES team.polls(id) ON DELETE CASCADE,
  CONSTRAINT pk_poll_options PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_poll_options_poll_id_number ON team.poll_options USING btree (poll_id, number);

CREATE TABLE team.polls (
  choice text NOT NULL,
  closed_at timestamp with time zone,
  closes_at timestamp with time zone,
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  description text NOT NULL DEFAULT ''::text,
  elector_count bigint NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  question text NOT NULL,
  results_visible text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT ck_polls_choice CHECK ((choice = ANY (ARRAY['single'::text, 'multiple'::text]))),
  CONSTRAINT ck_polls_results_visible CHECK ((results_visible = ANY (ARRAY['always'::text, 'after_vote'::text, 'after_close'::text]))),
  CONSTRAINT fk_polls_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT pk_polls PRIMARY KEY (id)
);
CREATE INDEX idx_polls_community_id_closes_at ON team.polls USING btree (community_id, closes_at, id);
CREATE INDEX idx_polls_community_id_created_at ON team.polls USING btree (community_id, created_at, id);

CREATE TABLE team.pool_contributions (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  note text NOT NULL DEFAULT ''::text,
  pool_id uuid NOT NULL,
  quantity bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_pool_contributions_kind CHECK ((kind = ANY (ARRAY['contribution'::text, 'hand-out'::text]))),
  CONSTRAINT ck_pool_contributions_quantity CHECK ((quantity > 0)),
  CONSTRAINT fk_pool_contributions_pool_id FOREIGN KEY (pool_id) REFERENCES team.pools(id) ON DELETE CASCADE,
  CONSTRAINT pk_pool_contributions PRIMARY KEY (id)
);
CREATE INDEX idx_pool_contributions_created_by_pool_id ON team.pool_contributions USING btree (created_by, pool_id) WHERE (kind = 'contribution'::text);
CREATE INDEX idx_pool_contributions_pool_id_created_at ON team.pool_contributions USING btree (pool_id, created_at, id);

CREATE TABLE team.pools (
  community_id uuid NOT NULL,
  council_id uuid,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  description text NOT NULL DEFAULT ''::text,
  holding bigint NOT NULL DEFAULT 0,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  unit text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT ck_pools_holding CHECK ((holding >= 0)),
  CONSTRAINT fk_pools_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT fk_pools_council_id FOREIGN KEY (council_id) REFERENCES team.councils(id) ON DELETE SET NULL,
  CONSTRAINT pk_pools PRIMARY KEY (id)
);
CREATE INDEX idx_pools_community_id_created_at ON team.pools USING btree (community_id, created_at, id);
CREATE INDEX idx_pools_community_id_name_id ON team.pools USING btree (community_id, lower(name), id);
CREATE INDEX idx_pools_council_id ON team.pools USING btree (council_id);

CREATE TABLE team.rejected_events (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  raw jsonb NOT NULL,
  reason text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_rejected_events PRIMARY KEY (id)
);

CREATE TABLE team.resource_memberships (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  joined_at timestamp with time zone NOT NULL,
  own_role_id uuid,
  removed_at timestamp with time zone,
  resource_id uuid NOT NULL,
  resource_type text NOT NULL,
  role text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT ck_resource_memberships_resource_type CHECK ((resource_type = ANY (ARRAY['community'::text, 'council'::text]))),
  CONSTRAINT ck_resource_memberships_role CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'moderator'::text, 'member'::text, 'viewer'::text]))),
  CONSTRAINT fk_resource_memberships_own_role_id FOREIGN KEY (own_role_id) REFERENCES team.own_roles(id) ON DELETE RESTRICT,
  CONSTRAINT fk_resource_memberships_user_id FOREIGN KEY (user_id) REFERENCES team.app_users(id) ON DELETE RESTRICT,
  CONSTRAINT pk_resource_memberships PRIMARY KEY (resource_id, resource_type, user_id)
);
CREATE INDEX idx_resource_memberships_own_role_id ON team.resource_memberships USING btree (own_role_id);
CREATE INDEX idx_resource_memberships_resource_id_joined_at ON team.resource_memberships USING btree (resource_id, resource_type, joined_at, user_id);
CREATE INDEX idx_resource_memberships_user_id_resource_type ON team.resource_memberships USING btree (user_id, resource_type, resource_id);

CREATE TABLE team.script_versions (
  content text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  language text NOT NULL,
  name text NOT NULL,
  note text NOT NULL DEFAULT ''::text,
  restored_from bigint,
  script_id uuid NOT NULL,
  sha256 text,
  size_bytes bigint,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL,
  CONSTRAINT fk_script_versions_script_id FOREIGN KEY (script_id) REFERENCES team.scripts(id) ON DELETE CASCADE,
  CONSTRAINT pk_script_versions PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_script_versions_script_id_version ON team.script_versions USING btree (script_id, version);

CREATE TABLE team.scripts (
  content text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  description text NOT NULL DEFAULT ''::text,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  language text NOT NULL,
  name text NOT NULL,
  sha256 text,
  size_bytes bigint,
  tags jsonb NOT NULL DEFAULT '[]'::jsonb,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  workspace_id uuid NOT NULL,
  CONSTRAINT fk_scripts_workspace_id FOREIGN KEY (workspace_id) REFERENCES team.workspaces(id) ON DELETE CASCADE,
  CONSTRAINT pk_scripts PRIMARY KEY (id)
);
CREATE INDEX idx_scripts_workspace_id_created_at ON team.scripts USING btree (workspace_id, created_at, id);
CREATE INDEX idx_scripts_workspace_id_name_id ON team.scripts USING btree (workspace_id, lower(name), id);
CREATE INDEX idx_scripts_workspace_id_updated_at_id ON team.scripts USING btree (workspace_id, updated_at, id);

CREATE TABLE team.trust_awards (
  awarded_at timestamp with time zone NOT NULL,
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  deleted_at timestamp with time zone,
  from_user_id text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  to_user_id text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_trust_awards_not_to_oneself CHECK ((from_user_id <> to_user_id)),
  CONSTRAINT fk_trust_awards_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT fk_trust_awards_from_user_id FOREIGN KEY (from_user_id) REFERENCES team.app_users(id) ON DELETE RESTRICT,
  CONSTRAINT fk_trust_awards_to_user_id FOREIGN KEY (to_user_id) REFERENCES team.app_users(id) ON DELETE RESTRICT,
  CONSTRAINT pk_trust_awards PRIMARY KEY (id)
);
CREATE INDEX idx_trust_awards_community_id_awarded_at ON team.trust_awards USING btree (community_id, awarded_at, id);
CREATE INDEX idx_trust_awards_from_user_id ON team.trust_awards USING btree (from_user_id);
CREATE INDEX idx_trust_awards_to_user_id_community_id ON team.trust_awards USING btree (to_user_id, community_id);
CREATE UNIQUE INDEX uq_trust_awards_community_id_from_user_id_to_user_id ON team.trust_awards USING btree (community_id, from_user_id, to_user_id);

CREATE TABLE team.trust_grants (
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  granted_at timestamp with time zone NOT NULL,
  granted_by text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  points bigint NOT NULL,
  reason text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT ck_trust_grants_points CHECK ((points >= 0)),
  CONSTRAINT fk_trust_grants_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT fk_trust_grants_user_id FOREIGN KEY (user_id) REFERENCES team.app_users(id) ON DELETE RESTRICT,
  CONSTRAINT pk_trust_grants PRIMARY KEY (id)
);
CREATE INDEX idx_trust_grants_community_id_created_at ON team.trust_grants USING btree (community_id, created_at, id);
CREATE INDEX idx_trust_grants_user_id ON team.trust_grants USING btree (user_id);
CREATE UNIQUE INDEX uq_trust_grants_community_id_user_id ON team.trust_grants USING btree (community_id, user_id);

CREATE TABLE team.wealth (
  category text,
  community_id uuid NOT NULL,
  council_id uuid,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  description text NOT NULL DEFAULT ''::text,
  expires_at timestamp with time zone,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  min_trust_required bigint NOT NULL DEFAULT 0,
  pool_id uuid,
  quantity bigint,
  quantity_fulfilled bigint NOT NULL DEFAULT 0,
  quantity_taken bigint NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'active'::text,
  title text NOT NULL,
  type text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT ck_wealth_min_trust_required CHECK ((min_trust_required >= 0)),
  CONSTRAINT ck_wealth_pool_id CHECK (((pool_id IS NULL) OR (council_id IS NULL))),
  CONSTRAINT ck_wealth_quantity CHECK ((quantity > 0)),
  CONSTRAINT ck_wealth_quantity_fulfilled CHECK (((quantity_fulfilled >= 0) AND (quantity_fulfilled <= quantity_taken))),
  CONSTRAINT ck_wealth_quantity_taken CHECK (((quantity_taken >= 0) AND ((quantity IS NULL) OR (quantity_taken <= quantity)))),
  CONSTRAINT ck_wealth_status CHECK ((status = ANY (ARRAY['active'::text, 'fulfilled'::text, 'cancelled'::text]))),
  CONSTRAINT ck_wealth_type CHECK ((type = ANY (ARRAY['object'::text, 'service'::text]))),
  CONSTRAINT fk_wealth_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT fk_wealth_council_id FOREIGN KEY (council_id) REFERENCES team.councils(id) ON DELETE CASCADE,
  CONSTRAINT fk_wealth_pool_id FOREIGN KEY (pool_id) REFERENCES team.pools(id) ON DELETE CASCADE,
  CONSTRAINT pk_wealth PRIMARY KEY (id)
);
CREATE INDEX idx_wealth_community_id_created_at ON team.wealth USING btree (community_id, created_at, id);
CREATE INDEX idx_wealth_community_id_expires_at_id ON team.wealth USING btree (community_id, COALESCE(expires_at, '9999-12-31 23:59:59.999+00'::timestamp with time zone), id);
CREATE INDEX idx_wealth_community_id_title ON team.wealth USING btree (community_id, title, id);
CREATE INDEX idx_wealth_council_id_created_at ON team.wealth USING btree (council_id, created_at, id);
CREATE INDEX idx_wealth_created_by_community_id ON team.wealth USING btree (created_by, community_id);
CREATE INDEX idx_wealth_pool_id_created_at ON team.wealth USING btree (pool_id, created_at, id);

CREATE TABLE team.wealth_requests (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  note text NOT NULL DEFAULT ''::text,
  quantity bigint NOT NULL,
  status text NOT NULL DEFAULT 'pending'::text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  wealth_id uuid NOT NULL,
  CONSTRAINT ck_wealth_requests_quantity CHECK ((quantity > 0)),
  CONSTRAINT ck_wealth_requests_status CHECK ((status = ANY (ARRAY['pending'::text, 'accepted'::text, 'rejected'::text, 'fulfilled'::text, 'cancelled'::text]))),
  CONSTRAINT fk_wealth_requests_wealth_id FOREIGN KEY (wealth_id) REFERENCES team.wealth(id) ON DELETE CASCADE,
  CONSTRAINT pk_wealth_requests PRIMARY KEY (id)
);
CREATE INDEX idx_wealth_requests_created_by_status ON team.wealth_requests USING btree (created_by, status);
CREATE INDEX idx_wealth_requests_wealth_id_created_at ON team.wealth_requests USING btree (wealth_id, created_at, id);

CREATE TABLE team.workspace_imports (
  completed_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  sha256 text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  workspace_id uuid NOT NULL,
  CONSTRAINT fk_workspace_imports_workspace_id FOREIGN KEY (workspace_id) REFERENCES team.workspaces(id) ON DELETE CASCADE,
  CONSTRAINT pk_workspace_imports PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_workspace_imports_workspace_id ON team.workspace_imports USING btree (workspace_id);

CREATE TABLE team.workspaces (
  community_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  deleted_at timestamp with time zone,
  description text NOT NULL DEFAULT ''::text,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  naming_rules jsonb NOT NULL DEFAULT '[]'::jsonb,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT fk_workspaces_community_id FOREIGN KEY (community_id) REFERENCES team.communities(id) ON DELETE CASCADE,
  CONSTRAINT pk_workspaces PRIMARY KEY (id)
);
CREATE INDEX idx_workspaces_community_id_created_at ON team.workspaces USING btree (community_id, created_at, id);

CREATE VIEW team.trust_scores AS
SELECT community_id,
    user_id,
    awards,
    points,
    (awards + points) AS score
   FROM ( SELECT membership.resource_id AS community_id,
            membership.user_id,
            ( SELECT count(award.id) AS count
                   FROM (team.trust_awards award
                     JOIN team.resource_memberships giver ON (((giver.resource_id = award.community_id) AND (giver.resource_type = 'community'::text) AND (giver.user_id = award.from_user_id) AND (giver.deleted_at IS NULL))))
                  WHERE ((award.community_id = membership.resource_id) AND (award.to_user_id = membership.user_id) AND (award.deleted_at IS NULL))) AS awards,
            COALESCE(( SELECT trust_grant.points
                   FROM team.trust_grants trust_grant
                  WHERE ((trust_grant.community_id = membership.resource_id) AND (trust_grant.user_id = membership.user_id))), (0)::bigint) AS points
           FROM team.resource_memberships membership
          WHERE ((membership.resource_type = 'community'::text) AND (membership.deleted_at IS NULL))) scored;
