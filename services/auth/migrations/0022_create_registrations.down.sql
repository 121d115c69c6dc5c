DROP TABLE IF EXISTS auth.registrations;
