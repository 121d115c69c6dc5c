-- Whoever runs the installation sees how its processes are.
UPDATE auth.roles SET permissions = array_append(permissions, 'system:read'), updated_at = now()
WHERE name IN ('owner', 'admin') AND NOT ('system:read' = ANY (permissions));
