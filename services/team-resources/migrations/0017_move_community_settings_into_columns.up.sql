-- Takes over each setting of the old document that has a valid value; any other part leaves the column's default. The old titles were an
-- object of scores by name: {"New":0,"Stable":10}.
UPDATE team.communities AS c
SET
  min_trust_to_award_trust = CASE
    WHEN c.settings #>> '{minTrustToAwardTrust,type}' = 'number' AND jsonb_typeof(c.settings #> '{minTrustToAwardTrust,value}') = 'number'
      THEN CASE
        WHEN (c.settings #>> '{minTrustToAwardTrust,value}')::numeric BETWEEN 0 AND 1000
          AND (c.settings #>> '{minTrustToAwardTrust,value}')::numeric % 1 = 0
          THEN jsonb_build_object('type', 'number', 'value', (c.settings #>> '{minTrustToAwardTrust,value}')::numeric::int8)
        ELSE c.min_trust_to_award_trust END
    ELSE c.min_trust_to_award_trust END,
  min_trust_for_wealth = CASE
    WHEN c.settings #>> '{minTrustForWealth,type}' = 'number' AND jsonb_typeof(c.settings #> '{minTrustForWealth,value}') = 'number'
      THEN CASE
        WHEN (c.settings #>> '{minTrustForWealth,value}')::numeric BETWEEN 0 AND 1000
          AND (c.settings #>> '{minTrustForWealth,value}')::numeric % 1 = 0
          THEN jsonb_build_object('type', 'number', 'value', (c.settings #>> '{minTrustForWealth,value}')::numeric::int8)
        ELSE c.min_trust_for_wealth END
    ELSE c.min_trust_for_wealth END,
  non_contribution_threshold_days = CASE
    WHEN jsonb_typeof(c.settings -> 'nonContributionThresholdDays') = 'number'
      THEN CASE
        WHEN (c.settings ->> 'nonContributionThresholdDays')::numeric BETWEEN 1 AND 3650
          AND (c.settings ->> 'nonContributionThresholdDays')::numeric % 1 = 0
          THEN (c.settings ->> 'nonContributionThresholdDays')::numeric::int8
        ELSE c.non_contribution_threshold_days END
    ELSE c.non_contribution_threshold_days END,
  dashboard_refresh_interval = CASE
    WHEN jsonb_typeof(c.settings -> 'dashboardRefreshInterval') = 'number'
      THEN CASE
        WHEN (c.settings ->> 'dashboardRefreshInterval')::numeric BETWEEN 60 AND 604800
          AND (c.settings ->> 'dashboardRefreshInterval')::numeric % 1 = 0
          THEN (c.settings ->> 'dashboardRefreshInterval')::numeric::int8
        ELSE c.dashboard_refresh_interval END
    ELSE c.dashboard_refresh_interval END,
  metric_visibility_settings = jsonb_build_object(
    'showActiveMembers', COALESCE(c.settings #>> '{metricVisibilitySettings,showActiveMembers}', 'true') <> 'false',
    'showWealthGeneration', COALESCE(c.settings #>> '{metricVisibilitySettings,showWealthGeneration}', 'true') <> 'false',
    'showTrustNetwork', COALESCE(c.settings #>> '{metricVisibilitySettings,showTrustNetwork}', 'true') <> 'false',
    'showCouncilActivity', COALESCE(c.settings #>> '{metricVisibilitySettings,showCouncilActivity}', 'true') <> 'false',
    'showNeedsFulfillment', COALESCE(c.settings #>> '{metricVisibilitySettings,showNeedsFulfillment}', 'true') <> 'false',
    'showDisputeRate', COALESCE(c.settings #>> '{metricVisibilitySettings,showDisputeRate}', 'true') <> 'false'
  ),
  trust_titles = COALESCE((
    SELECT jsonb_build_object('titles', jsonb_agg(jsonb_build_object('name', old.name, 'minScore', old.score::int8) ORDER BY old.score))
    FROM (
      SELECT title.key AS name,
             CASE WHEN jsonb_typeof(title.value) = 'number' THEN (title.value #>> '{}')::numeric ELSE -1 END AS score
      FROM jsonb_each(
        CASE WHEN jsonb_typeof(c.settings -> 'trustTitles') = 'object' THEN c.settings -> 'trustTitles' ELSE '{}'::jsonb END
      ) AS title
    ) AS old
    HAVING count(*) BETWEEN 1 AND 20 AND min(old.score) = 0 AND max(old.score) <= 1000 AND count(*) = count(DISTINCT old.score)
      AND bool_and(old.score % 1 = 0 AND btrim(old.name) <> '' AND char_length(old.name) <= 100)
  ), c.trust_titles),
  poll_creator_users = COALESCE((
    SELECT jsonb_agg(m.user_id ORDER BY m.user_id)
    FROM team.resource_memberships AS m
    WHERE m.resource_id = c.id AND m.resource_type = 'community' AND m.deleted_at IS NULL
      AND jsonb_typeof(c.settings -> 'pollCreatorUsers') = 'array' AND c.settings -> 'pollCreatorUsers' ? m.user_id
  ), '[]'::jsonb)
WHERE c.settings IS NOT NULL;
