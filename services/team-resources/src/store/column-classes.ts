const saved = 'created_at created_by id restored_from size_bytes updated_at version';
const kept = 'created_at created_by id updated_at version';
const editable = 'created_at created_by deleted_at id updated_at version';

/** The class of each column of team-resources' tables: see libs/data-browser. A column that is missing here stops the process. */
export const columnClasses = {
  activities: {
    public: 'action community_id created_at id is_contribution is_shown occurred_at resource_id resource_type updated_at user_id',
    personal: 'resource_name',
  },
  app_users: { public: 'created_at erased_at id updated_at version', personal: 'display_name' },
  communities: {
    public: `${editable} dashboard_refresh_interval dispute_handling_councils metric_visibility_settings min_trust_for_wealth min_trust_to_award_trust non_contribution_threshold_days poll_creator_users`,
    personal: 'name',
    content: 'description trust_titles',
  },
  community_metrics: { public: 'community_id computed_at created_at id period updated_at', content: 'figures' },
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
  councils: { public: `${editable} community_id`, personal: 'name', content: 'description' },
  disputes: { public: `${kept} community_id resolved_by status wealth_request_id`, content: 'reason resolution' },
  forum_posts: { public: `${editable} deleted_by forum_thread_id number`, content: 'content deletion_reason' },
  forum_reads: { public: 'created_at forum_thread_id id last_read_number updated_at user_id' },
  forum_threads: { public: `${editable} deleted_by forum_id last_post_at last_post_number`, content: 'title' },
  forums: { public: `${editable} community_id`, personal: 'name', content: 'description' },
  idempotency_keys: { public: 'created_at expires_at id principal_id updated_at', content: 'answer request_hash', secret: 'key' },
  inbox_events: { public: 'created_at id kind updated_at' },
  invites: {
    public:
      'community_id created_at created_by declined_at delivery expires_at id mail_request_id mails_requested own_role_id resent_at revoked_at role stored_at updated_at uses_left',
    personal: 'email',
    secret: 'token_hash',
  },
  needs: {
    public: `${editable} community_id council_id interval_days is_of_community met_at quantity reopens_at status times_met wealth_id`,
    content: 'description title',
  },
  outbox_events: {
    public:
      'attempts available_at claimed_by claimed_until created_at id kind occurred_at published_at shard traceparent updated_at',
    content: 'payload',
  },
  own_roles: { public: `${editable} community_id permissions rank`, personal: 'name', content: 'description' },
  // A ballot is nobody's business: neither who has voted, nor for what.
  poll_ballots: { public: 'created_at id poll_id updated_at', secret: 'created_by option_numbers poll_elector_id' },
  poll_electors: { public: 'created_at id poll_id updated_at user_id' },
  poll_options: { public: 'created_at id number poll_id updated_at', content: 'text' },
  polls: {
    public: `${editable} choice closed_at closes_at community_id elector_count results_visible`,
    content: 'description question',
  },
  pool_contributions: { public: 'created_at created_by id kind pool_id quantity updated_at', content: 'note' },
  pools: { public: `${editable} community_id council_id holding`, personal: 'name unit', content: 'description' },
  rejected_events: { public: 'created_at id updated_at', content: 'raw reason' },
  resource_memberships: {
    public:
      'created_at created_by deleted_at joined_at own_role_id removed_at resource_id resource_type role updated_at user_id version',
  },
  script_versions: { public: `${saved} language script_id`, personal: 'name', content: 'content note sha256' },
  scripts: {
    public: `${editable} language size_bytes workspace_id`,
    personal: 'name tags',
    content: 'content description sha256',
  },
  trust_awards: { public: 'awarded_at community_id created_at deleted_at from_user_id id to_user_id updated_at' },
  trust_grants: {
    public: `${kept} community_id granted_at granted_by points user_id`,
    content: 'reason',
  },
  wealth: {
    public: `${editable} category community_id council_id expires_at min_trust_required pool_id quantity quantity_fulfilled quantity_taken status type`,
    content: 'description title',
  },
  wealth_requests: { public: `${kept} quantity status wealth_id`, content: 'note' },
  workspace_imports: { public: 'completed_at created_at created_by id updated_at workspace_id', content: 'sha256' },
  workspaces: { public: `${editable} community_id`, personal: 'name', content: 'description naming_rules' },
};
