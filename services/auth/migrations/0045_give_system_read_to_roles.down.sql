UPDATE auth.roles SET permissions = array_remove(permissions, 'system:read'), updated_at = now()
WHERE 'system:read' = ANY (permissions);
