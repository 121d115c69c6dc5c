-- The documents from before versions were kept: each begins its history with what it is now.
INSERT INTO control_m_document_versions
  (id, control_m_document_id, version, name, source, folders, created_by, created_at, updated_at)
SELECT document.id, document.id, document.version, document.name, document.source, document.folders, document.created_by,
       document.updated_at, document.updated_at
FROM control_m_documents AS document
WHERE NOT EXISTS (
  SELECT 1 FROM control_m_document_versions AS saved
  WHERE saved.control_m_document_id = document.id AND saved.version = document.version
)
ON CONFLICT (id) DO NOTHING;
