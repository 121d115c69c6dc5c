-- Mails that are still to be sent, sealed (AES-256-GCM) because they carry codes. A row goes when its mail was handed over.
CREATE TABLE IF NOT EXISTS auth.outgoing_mails (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  sealed_mail text NOT NULL,
  attempts int8 NOT NULL DEFAULT 0,
  available_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_outgoing_mails PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_outgoing_mails_available_at ON auth.outgoing_mails (available_at);
