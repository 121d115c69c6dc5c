-- The owner may look into the tables, read-only and audited.
UPDATE auth.roles SET permissions = array_append(permissions, 'data:read')
WHERE name = 'owner' AND NOT ('data:read' = ANY (permissions));
