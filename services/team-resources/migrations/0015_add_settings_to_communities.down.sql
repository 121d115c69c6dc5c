ALTER TABLE team.communities
  DROP COLUMN IF EXISTS min_trust_to_award_trust,
  DROP COLUMN IF EXISTS min_trust_for_wealth,
  DROP COLUMN IF EXISTS trust_titles,
  DROP COLUMN IF EXISTS non_contribution_threshold_days,
  DROP COLUMN IF EXISTS dashboard_refresh_interval,
  DROP COLUMN IF EXISTS metric_visibility_settings,
  DROP COLUMN IF EXISTS dispute_handling_councils,
  DROP COLUMN IF EXISTS poll_creator_users;
