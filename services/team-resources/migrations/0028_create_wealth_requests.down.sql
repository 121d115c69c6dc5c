DROP TABLE IF EXISTS team.wealth_requests;
