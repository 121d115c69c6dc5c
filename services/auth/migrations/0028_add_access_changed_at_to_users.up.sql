-- When access_version last grew: gateways ask for the accounts whose access tokens of before they must refuse. Null where it never did.
ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS access_changed_at timestamptz;
