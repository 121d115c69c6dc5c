DROP VIEW IF EXISTS team.trust_scores;
