DROP TABLE IF EXISTS team.own_roles;
