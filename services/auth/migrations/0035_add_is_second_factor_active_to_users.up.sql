-- On the account itself, so that the statement that opens a session decides by it under the lock of the account.
ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS is_second_factor_active boolean NOT NULL DEFAULT false;
