-- Contract: since 0.1.0 every program stores a dispute with its community.
ALTER TABLE team.disputes ALTER COLUMN community_id SET NOT NULL;
