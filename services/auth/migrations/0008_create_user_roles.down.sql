DROP TABLE IF EXISTS auth.user_roles;
