-- The folders from before versions were kept: each begins its history with what it is now.
INSERT INTO control_m_folder_versions
  (id, control_m_folder_id, version, name, definition, job_count, created_by, created_at, updated_at)
SELECT folder.id, folder.id, folder.version, folder.name, folder.definition, folder.job_count, folder.created_by, folder.updated_at,
       folder.updated_at
FROM control_m_folders AS folder
WHERE NOT EXISTS (
  SELECT 1 FROM control_m_folder_versions AS saved
  WHERE saved.control_m_folder_id = folder.id AND saved.version = folder.version
)
ON CONFLICT (id) DO NOTHING;
