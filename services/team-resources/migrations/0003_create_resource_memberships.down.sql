DROP TABLE IF EXISTS team.resource_memberships;
