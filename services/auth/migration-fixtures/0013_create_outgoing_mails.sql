INSERT INTO auth.outgoing_mails (id, sealed_mail, available_at, expires_at) VALUES
  ('00000000-0000-4000-8000-000000000131', 'sealed-1', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z')
ON CONFLICT (id) DO NOTHING;
