DELETE FROM auth.roles WHERE name IN ('owner', 'admin', 'auditor', 'member');
