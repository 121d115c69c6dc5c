DROP TABLE IF EXISTS team.pool_contributions;
