const saved = 'created_at created_by id restored_from size_bytes updated_at version';
const editable = 'created_at created_by deleted_at id updated_at version';

/** The class of each column of the solo file: see libs/data-browser. A column that is missing here stops the process. */
export const columnClasses = {
  control_m_document_versions: {
    public: `${saved} control_m_document_id`,
    personal: 'name',
    content: 'folders note sha256 source',
  },
  control_m_documents: { public: `${editable} size_bytes workspace_id`, personal: 'name', content: 'folders sha256 source' },
  control_m_folder_versions: {
    public: `${saved} control_m_folder_id job_count`,
    personal: 'name',
    content: 'definition note sha256',
  },
  control_m_folders: { public: `${editable} job_count size_bytes workspace_id`, personal: 'name', content: 'definition sha256' },
  data_looks: { public: 'created_at filtered_by id sorted_by table_name updated_at user_id' },
  idempotency_keys: { public: 'created_at expires_at id principal_id updated_at', content: 'answer request_hash', secret: 'key' },
  script_versions: { public: `${saved} language script_id`, personal: 'name', content: 'content note sha256' },
  scripts: {
    public: `${editable} language size_bytes workspace_id`,
    personal: 'name tags',
    content: 'content description sha256',
  },
  // The sealed addresses of the shared database, tokens by their digest, keys.
  settings: { public: 'created_at id updated_at version', secret: 'value' },
  sync_bases: {
    public: 'created_at id kind own_version shared_version updated_at workspace_id',
    personal: 'tags',
    content: 'description document',
  },
  sync_conflicts: {
    public: 'created_at document_id id kind own_version reason resolution shared_version updated_at workspace_id',
    personal: 'name',
    content: 'base mine pointers theirs',
  },
  workspace_shares: { public: 'community_id created_at created_by id shared_at updated_at workspace_id', content: 'sha256' },
  workspace_sync_rows: {
    public:
      'action code created_at document_id id kind own_version own_version_before reason shared_version state sync_conflict_id updated_at workspace_sync_id',
    personal: 'name',
    content: 'base_before detail push',
  },
  workspace_syncs: { public: 'created_at id state updated_at workspace_id' },
  workspaces: { public: editable, personal: 'name', content: 'description naming_rules' },
};
