-- Generated from the migrations by `make generate`: what they lead to. Not run by anything.

CREATE TABLE auth.auth_codes (
  asker_device_label text,
  asker_ip_address text,
  attempts bigint NOT NULL DEFAULT 0,
  code_hash text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  email text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  purpose text NOT NULL,
  secret_hash text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  used_at timestamp with time zone,
  CONSTRAINT ck_auth_codes_purpose CHECK ((purpose = ANY (ARRAY['verify_email'::text, 'otp'::text, 'magic_link'::text, 'reset_password'::text]))),
  CONSTRAINT pk_auth_codes PRIMARY KEY (id)
);
CREATE INDEX idx_auth_codes_email_purpose ON auth.auth_codes USING btree (email, purpose) WHERE (used_at IS NULL);
CREATE INDEX idx_auth_codes_expires_at ON auth.auth_codes USING btree (expires_at);

CREATE TABLE auth.email_changes (
  auth_code_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_email_changes_auth_code_id FOREIGN KEY (auth_code_id) REFERENCES auth.auth_codes(id) ON DELETE CASCADE,
  CONSTRAINT fk_email_changes_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_email_changes PRIMARY KEY (id)
);
CREATE INDEX idx_email_changes_user_id ON auth.email_changes USING btree (user_id);
CREATE UNIQUE INDEX uq_email_changes_auth_code_id ON auth.email_changes USING btree (auth_code_id);

CREATE TABLE auth.inbox_events (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  kind text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_inbox_events PRIMARY KEY (id)
);
CREATE INDEX idx_inbox_events_created_at ON auth.inbox_events USING btree (created_at);

CREATE TABLE auth.invited_addresses (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  id text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_invited_addresses PRIMARY KEY (id)
);
CREATE INDEX idx_invited_addresses_expires_at ON auth.invited_addresses USING btree (expires_at);

CREATE TABLE auth.login_delays (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  failures bigint NOT NULL,
  id text NOT NULL,
  last_failed_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_login_delays PRIMARY KEY (id)
);
CREATE INDEX idx_login_delays_last_failed_at ON auth.login_delays USING btree (last_failed_at);

CREATE TABLE auth.mail_rates (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id text NOT NULL,
  theoretical_arrival_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_mail_rates PRIMARY KEY (id)
);
CREATE INDEX idx_mail_rates_theoretical_arrival_at ON auth.mail_rates USING btree (theoretical_arrival_at);

CREATE TABLE auth.oauth_connections (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  provider text NOT NULL,
  provider_user_id text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_oauth_connections_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_oauth_connections PRIMARY KEY (id)
);
CREATE INDEX idx_oauth_connections_user_id ON auth.oauth_connections USING btree (user_id);
CREATE UNIQUE INDEX uq_oauth_connections_provider_provider_user_id ON auth.oauth_connections USING btree (provider, provider_user_id);

CREATE TABLE auth.oauth_requests (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  provider text NOT NULL,
  sealed_request text NOT NULL,
  secret_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_oauth_requests PRIMARY KEY (id)
);
CREATE INDEX idx_oauth_requests_expires_at ON auth.oauth_requests USING btree (expires_at);

CREATE TABLE auth.outbox_events (
  attempts bigint NOT NULL DEFAULT 0,
  available_at timestamp with time zone NOT NULL DEFAULT now(),
  claimed_by text,
  claimed_until timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  payload jsonb NOT NULL,
  published_at timestamp with time zone,
  shard smallint NOT NULL,
  traceparent text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_outbox_events PRIMARY KEY (id)
);
CREATE INDEX idx_outbox_events_kind_shard_available_at ON auth.outbox_events USING btree (kind, shard, available_at) WHERE (published_at IS NULL);
CREATE INDEX idx_outbox_events_published_at ON auth.outbox_events USING btree (published_at, id) WHERE (published_at IS NOT NULL);
CREATE INDEX idx_outbox_events_shard_available_at ON auth.outbox_events USING btree (shard, available_at, id) WHERE (published_at IS NULL);

CREATE TABLE auth.outgoing_mails (
  attempts bigint NOT NULL DEFAULT 0,
  available_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  request_id uuid,
  sealed_mail text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_outgoing_mails PRIMARY KEY (id)
);
CREATE INDEX idx_outgoing_mails_available_at ON auth.outgoing_mails USING btree (available_at);

CREATE TABLE auth.passkey_requests (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  purpose text NOT NULL,
  sealed_request text NOT NULL,
  secret_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_passkey_requests_purpose CHECK ((purpose = ANY (ARRAY['create'::text, 'sign_in'::text]))),
  CONSTRAINT pk_passkey_requests PRIMARY KEY (id)
);
CREATE INDEX idx_passkey_requests_expires_at ON auth.passkey_requests USING btree (expires_at);

CREATE TABLE auth.passkeys (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  credential_id text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  is_backed_up boolean NOT NULL,
  last_used_at timestamp with time zone,
  name text NOT NULL,
  public_key text NOT NULL,
  sign_count bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT fk_passkeys_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_passkeys PRIMARY KEY (id)
);
CREATE INDEX idx_passkeys_user_id_created_at_id ON auth.passkeys USING btree (user_id, created_at, id);
CREATE UNIQUE INDEX uq_passkeys_credential_id ON auth.passkeys USING btree (credential_id);

CREATE TABLE auth.personal_tokens (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  is_multi_factor boolean NOT NULL DEFAULT false,
  last_used_at timestamp with time zone,
  name text NOT NULL,
  permissions text[] NOT NULL,
  token_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_personal_tokens_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_personal_tokens PRIMARY KEY (id)
);
CREATE INDEX idx_personal_tokens_expires_at ON auth.personal_tokens USING btree (expires_at);
CREATE INDEX idx_personal_tokens_user_id_created_at_id ON auth.personal_tokens USING btree (user_id, created_at, id);
CREATE UNIQUE INDEX uq_personal_tokens_token_hash ON auth.personal_tokens USING btree (token_hash);

CREATE TABLE auth.recovery_codes (
  code_hashes text[] NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_recovery_codes_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_recovery_codes PRIMARY KEY (user_id)
);

CREATE TABLE auth.registrations (
  auth_code_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  display_name text NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  password_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT fk_registrations_auth_code_id FOREIGN KEY (auth_code_id) REFERENCES auth.auth_codes(id) ON DELETE CASCADE,
  CONSTRAINT pk_registrations PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_registrations_auth_code_id ON auth.registrations USING btree (auth_code_id);

CREATE TABLE auth.rejected_events (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL,
  raw jsonb NOT NULL,
  reason text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT pk_rejected_events PRIMARY KEY (id)
);

CREATE TABLE auth.roles (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  permissions text[] NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT pk_roles PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_roles_name ON auth.roles USING btree (name);

CREATE TABLE auth.sessions (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  device_label text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  ip_address text NOT NULL,
  is_multi_factor boolean NOT NULL DEFAULT false,
  last_used_at timestamp with time zone NOT NULL,
  refresh_token_hash text NOT NULL,
  revoked_at timestamp with time zone,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_sessions_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_sessions PRIMARY KEY (id)
);
CREATE INDEX idx_sessions_expires_at ON auth.sessions USING btree (expires_at);
CREATE INDEX idx_sessions_revoked_at ON auth.sessions USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);
CREATE INDEX idx_sessions_user_id ON auth.sessions USING btree (user_id) WHERE (revoked_at IS NULL);
CREATE INDEX idx_sessions_user_id_created_at ON auth.sessions USING btree (user_id, created_at);

CREATE TABLE auth.setup_tokens (
  candidate_id text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  outcome text,
  token_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_setup_tokens_outcome CHECK ((outcome = 'claimed'::text)),
  CONSTRAINT pk_setup_tokens PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_setup_tokens_outcome ON auth.setup_tokens USING btree (outcome) WHERE (outcome IS NOT NULL);
CREATE UNIQUE INDEX uq_setup_tokens_token_hash ON auth.setup_tokens USING btree (token_hash);

CREATE TABLE auth.sign_in_challenges (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  device_label text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  method text NOT NULL,
  secret_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  used_at timestamp with time zone,
  user_id text NOT NULL,
  CONSTRAINT fk_sign_in_challenges_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_sign_in_challenges PRIMARY KEY (id)
);
CREATE INDEX idx_sign_in_challenges_expires_at ON auth.sign_in_challenges USING btree (expires_at);
CREATE INDEX idx_sign_in_challenges_user_id ON auth.sign_in_challenges USING btree (user_id);

CREATE TABLE auth.signing_keys (
  activated_at timestamp with time zone,
  algorithm text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kid text NOT NULL,
  public_jwk jsonb NOT NULL,
  retired_at timestamp with time zone,
  sealed_private_jwk text NOT NULL,
  status text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT ck_signing_keys_algorithm CHECK ((algorithm = 'EdDSA'::text)),
  CONSTRAINT ck_signing_keys_status CHECK ((status = ANY (ARRAY['next'::text, 'current'::text, 'retired'::text]))),
  CONSTRAINT pk_signing_keys PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_signing_keys_algorithm ON auth.signing_keys USING btree (algorithm) WHERE (status = 'next'::text);
CREATE UNIQUE INDEX uq_signing_keys_kid ON auth.signing_keys USING btree (kid);
CREATE UNIQUE INDEX uq_signing_keys_status ON auth.signing_keys USING btree (status) WHERE (status = 'current'::text);

CREATE TABLE auth.totp_secrets (
  activated_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  last_used_step bigint,
  sealed_secret text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_totp_secrets_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_totp_secrets PRIMARY KEY (user_id)
);

CREATE TABLE auth.used_refresh_tokens (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL,
  token_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  used_at timestamp with time zone NOT NULL,
  CONSTRAINT fk_used_refresh_tokens_session_id FOREIGN KEY (session_id) REFERENCES auth.sessions(id) ON DELETE CASCADE,
  CONSTRAINT pk_used_refresh_tokens PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_used_refresh_tokens_session_id_token_hash ON auth.used_refresh_tokens USING btree (session_id, token_hash);

CREATE TABLE auth.user_passwords (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  password_hash text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_user_passwords_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_user_passwords PRIMARY KEY (user_id)
);

CREATE TABLE auth.user_roles (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text,
  role text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id text NOT NULL,
  CONSTRAINT fk_user_roles_role FOREIGN KEY (role) REFERENCES auth.roles(name) ON DELETE RESTRICT,
  CONSTRAINT fk_user_roles_user_id FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  CONSTRAINT pk_user_roles PRIMARY KEY (user_id, role)
);
CREATE INDEX idx_user_roles_role ON auth.user_roles USING btree (role, user_id);

CREATE TABLE auth.users (
  access_changed_at timestamp with time zone,
  access_version bigint NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  deleted_at timestamp with time zone,
  display_name text NOT NULL,
  email text NOT NULL,
  id text NOT NULL,
  is_email_verified boolean NOT NULL DEFAULT false,
  is_second_factor_active boolean NOT NULL DEFAULT false,
  is_service boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'active'::text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT ck_users_status CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text]))),
  CONSTRAINT pk_users PRIMARY KEY (id)
);
CREATE INDEX idx_users_access_changed_at ON auth.users USING btree (access_changed_at) WHERE (access_changed_at IS NOT NULL);
CREATE INDEX idx_users_created_at_id ON auth.users USING btree (created_at, id);
CREATE INDEX idx_users_display_name_id ON auth.users USING btree (lower(display_name), id);
CREATE INDEX idx_users_is_service_created_at_id ON auth.users USING btree (is_service, created_at, id) WHERE is_service;
CREATE UNIQUE INDEX uq_users_email ON auth.users USING btree (email);
