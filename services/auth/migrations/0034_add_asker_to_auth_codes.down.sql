ALTER TABLE auth.auth_codes
  DROP COLUMN IF EXISTS asker_ip_address,
  DROP COLUMN IF EXISTS asker_device_label;
