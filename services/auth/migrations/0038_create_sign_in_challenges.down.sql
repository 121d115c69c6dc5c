DROP TABLE IF EXISTS auth.sign_in_challenges;
