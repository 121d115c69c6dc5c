DELETE FROM team.activities WHERE id IN (SELECT saved.id FROM team.script_versions AS saved);
