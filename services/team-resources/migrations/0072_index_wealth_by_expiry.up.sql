-- Wealth by when it expires; what never does comes last. The list has the same expression, word for word.
CREATE INDEX IF NOT EXISTS idx_wealth_community_id_expires_at_id
  ON team.wealth (community_id, COALESCE(expires_at, '9999-12-31T23:59:59.999Z'::timestamptz), id);
