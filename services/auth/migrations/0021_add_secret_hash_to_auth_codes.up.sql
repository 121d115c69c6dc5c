-- A code is good only together with the secret of the client that asked for it. Codes from before have none and are never good.
ALTER TABLE auth.auth_codes ADD COLUMN IF NOT EXISTS secret_hash text;
