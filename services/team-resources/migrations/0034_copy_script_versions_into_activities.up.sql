-- The saved scripts from before activities were recorded: who saved one then has contributed.
INSERT INTO team.activities
  (id, community_id, user_id, action, resource_type, resource_id, resource_name, is_shown, is_contribution, occurred_at)
SELECT saved.id, workspace.community_id, saved.created_by, CASE WHEN saved.version = 1 THEN 'script.create' ELSE 'script.update' END,
       'script', saved.script_id::text, saved.name, true, true, saved.created_at
FROM team.script_versions AS saved
JOIN team.scripts AS script ON script.id = saved.script_id
JOIN team.workspaces AS workspace ON workspace.id = script.workspace_id
ON CONFLICT (id) DO NOTHING;
