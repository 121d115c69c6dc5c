-- Whoever runs the installation sees how its processes are.
UPDATE auth.roles SET permissions = array_append(permissions, 'system:read')
WHERE name IN ('owner', 'admin') AND NOT ('system:read' = ANY (permissions));
