-- The account that registered last with the token. It becomes the owner when its address is confirmed, not before: a slip in
-- an address must not spend the token.
ALTER TABLE auth.setup_tokens ADD COLUMN IF NOT EXISTS candidate_id text;
