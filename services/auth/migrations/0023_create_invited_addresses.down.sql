DROP TABLE IF EXISTS auth.invited_addresses;
