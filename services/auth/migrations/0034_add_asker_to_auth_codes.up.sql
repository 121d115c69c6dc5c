-- Who asked for a sign-in by link, from where: shown to whoever opens the link in another browser, before they confirm it.
ALTER TABLE auth.auth_codes
  ADD COLUMN IF NOT EXISTS asker_ip_address text,
  ADD COLUMN IF NOT EXISTS asker_device_label text;
