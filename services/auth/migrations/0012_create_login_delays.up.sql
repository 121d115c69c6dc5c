-- Failed log-ins of late, by address and by account seen from an address; the wait follows from them. The id is a digest.
CREATE TABLE IF NOT EXISTS auth.login_delays (
  id text NOT NULL,
  failures int8 NOT NULL,
  last_failed_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_login_delays PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_login_delays_last_failed_at ON auth.login_delays (last_failed_at);
