DROP TABLE IF EXISTS team.invites;
