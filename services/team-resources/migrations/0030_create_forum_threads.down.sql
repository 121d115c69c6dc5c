DROP TABLE IF EXISTS team.forum_threads;
