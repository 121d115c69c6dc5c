UPDATE auth.roles SET permissions = array_remove(permissions, 'data:read'), updated_at = now()
WHERE 'data:read' = ANY (permissions);
