UPDATE auth.roles SET permissions = array_remove(permissions, 'system:read')
WHERE 'system:read' = ANY (permissions);
