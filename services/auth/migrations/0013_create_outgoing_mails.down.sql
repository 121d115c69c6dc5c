DROP TABLE IF EXISTS auth.outgoing_mails;
