/** The class of each column of audit's tables: see libs/data-browser. A column that is missing here stops the process. */
export const columnClasses = {
  audit_events: {
    public:
      'action actor_id actor_type community_id created_at id leaf_hash leaf_index occurred_at recorded_at request_id resource_id resource_type result service session_id updated_at',
    personal: 'ip resource_name user_agent',
    content: 'changes',
  },
  checkpoints: { public: 'created_at id root_hash size updated_at', content: 'note' },
  event_counts: { public: 'created_at id last_recorded_at stored updated_at' },
  forward_cursors: { public: 'created_at expires_at fencing holder id name next_leaf_index updated_at', secret: 'sending_to' },
  log_heads: { public: 'created_at expires_at fencing holder id last_recorded_at name size updated_at', content: 'frontier' },
  log_keys: { public: 'created_at id name origin updated_at', content: 'public_key', secret: 'sealed_anchor sealed_private_key' },
  log_tiles: { public: 'created_at id level tile_index updated_at', content: 'hashes' },
  rejected_events: { public: 'created_at id updated_at', content: 'raw reason' },
  removed_events: { public: 'created_at id leaf_hash leaf_index reason updated_at' },
  retention_policies: { public: 'created_at id keep_days name updated_at version' },
};
