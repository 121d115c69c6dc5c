UPDATE auth.roles SET permissions = array_remove(permissions, 'data:read')
WHERE 'data:read' = ANY (permissions);
