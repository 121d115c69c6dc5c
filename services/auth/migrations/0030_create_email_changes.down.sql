DROP TABLE IF EXISTS auth.email_changes;
