-- Writes the old document of communities that have none. A share of the members, which it did not know, becomes its default.
UPDATE team.communities AS c
SET settings = jsonb_build_object(
  'minTrustToAwardTrust', CASE
    WHEN c.min_trust_to_award_trust ->> 'type' = 'number' THEN c.min_trust_to_award_trust
    ELSE '{"type":"number","value":15}'::jsonb END,
  'minTrustForWealth', CASE
    WHEN c.min_trust_for_wealth ->> 'type' = 'number' THEN c.min_trust_for_wealth
    ELSE '{"type":"number","value":10}'::jsonb END,
  'trustTitles', (
    SELECT jsonb_object_agg(title.value ->> 'name', title.value -> 'minScore')
    FROM jsonb_array_elements(c.trust_titles -> 'titles') AS title (value)
  ),
  'nonContributionThresholdDays', c.non_contribution_threshold_days,
  'dashboardRefreshInterval', c.dashboard_refresh_interval,
  'metricVisibilitySettings', c.metric_visibility_settings,
  'disputeHandlingCouncils', c.dispute_handling_councils,
  'pollCreatorUsers', c.poll_creator_users
)
WHERE c.settings IS NULL;
