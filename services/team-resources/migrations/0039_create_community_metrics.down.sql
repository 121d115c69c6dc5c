DROP TABLE IF EXISTS team.community_metrics;
