-- Each community setting in a column of its own, with its default.
ALTER TABLE team.communities
  ADD COLUMN IF NOT EXISTS min_trust_to_award_trust jsonb NOT NULL DEFAULT '{"type":"number","value":15}',
  ADD COLUMN IF NOT EXISTS min_trust_for_wealth jsonb NOT NULL DEFAULT '{"type":"number","value":10}',
  ADD COLUMN IF NOT EXISTS trust_titles jsonb NOT NULL
    DEFAULT '{"titles":[{"name":"New","minScore":0},{"name":"Stable","minScore":10},{"name":"Trusted","minScore":50}]}',
  ADD COLUMN IF NOT EXISTS non_contribution_threshold_days int8 NOT NULL DEFAULT 30,
  ADD COLUMN IF NOT EXISTS dashboard_refresh_interval int8 NOT NULL DEFAULT 3600,
  ADD COLUMN IF NOT EXISTS metric_visibility_settings jsonb NOT NULL
    DEFAULT '{"showActiveMembers":true,"showWealthGeneration":true,"showTrustNetwork":true,"showCouncilActivity":true,"showNeedsFulfillment":true,"showDisputeRate":true}',
  ADD COLUMN IF NOT EXISTS dispute_handling_councils jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS poll_creator_users jsonb NOT NULL DEFAULT '[]';
