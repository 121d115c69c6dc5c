DROP TABLE IF EXISTS auth.login_delays;
