-- How many mails that others ask for an address still takes (generic cell rate algorithm). The id is a digest of the address.
CREATE TABLE IF NOT EXISTS auth.mail_rates (
  id text NOT NULL,
  theoretical_arrival_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_mail_rates PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_mail_rates_theoretical_arrival_at ON auth.mail_rates (theoretical_arrival_at);
