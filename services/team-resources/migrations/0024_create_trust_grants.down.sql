DROP TABLE IF EXISTS team.trust_grants;
