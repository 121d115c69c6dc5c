INSERT INTO team.communities (id, name, settings, created_by) VALUES
  ('00000000-0000-4000-8000-000000000161', 'By hand', '{"minTrustToAwardTrust": {"type": "number", "value": 3}, "trustTitles": {"Old hand": 20, "Fresh": 0}, "nonContributionThresholdDays": 90, "dashboardRefreshInterval": 60, "metricVisibilitySettings": {"showDisputeRate": false}, "pollCreatorUsers": ["auth0|grace"]}', 'auth0|grace')
ON CONFLICT (id) DO NOTHING;
