/** The class of each column of auth's tables: see libs/data-browser. A column that is missing here stops the process. */
export const columnClasses = {
  auth_codes: {
    public: 'attempts created_at expires_at id purpose updated_at used_at',
    personal: 'asker_device_label asker_ip_address email',
    secret: 'code_hash secret_hash',
  },
  email_changes: { public: 'auth_code_id created_at id updated_at user_id' },
  inbox_events: { public: 'created_at id kind updated_at' },
  invited_addresses: { public: 'created_at expires_at id updated_at' },
  login_delays: { public: 'created_at failures id last_failed_at updated_at' },
  mail_rates: { public: 'created_at id theoretical_arrival_at updated_at' },
  oauth_connections: { public: 'created_at id provider updated_at user_id', personal: 'provider_user_id' },
  oauth_requests: { public: 'created_at expires_at id provider updated_at', secret: 'sealed_request secret_hash' },
  outbox_events: {
    public:
      'attempts available_at claimed_by claimed_until created_at id kind occurred_at published_at shard traceparent updated_at',
    content: 'payload',
  },
  outgoing_mails: { public: 'attempts available_at created_at expires_at id request_id updated_at', secret: 'sealed_mail' },
  passkey_requests: { public: 'created_at expires_at id purpose updated_at', secret: 'sealed_request secret_hash' },
  passkeys: {
    public: 'created_at id is_backed_up last_used_at sign_count updated_at user_id version',
    personal: 'name',
    content: 'credential_id public_key',
  },
  personal_tokens: {
    public: 'created_at expires_at id is_multi_factor last_used_at permissions updated_at user_id',
    personal: 'name',
    secret: 'token_hash',
  },
  recovery_codes: { public: 'created_at updated_at user_id', secret: 'code_hashes' },
  registrations: { public: 'auth_code_id created_at id updated_at', personal: 'display_name', secret: 'password_hash' },
  rejected_events: { public: 'created_at id updated_at', content: 'raw reason' },
  roles: { public: 'created_at created_by id name permissions updated_at version' },
  sessions: {
    public: 'created_at expires_at id is_multi_factor last_used_at revoked_at updated_at user_id',
    personal: 'device_label ip_address',
    secret: 'refresh_token_hash',
  },
  setup_tokens: { public: 'candidate_id created_at expires_at id outcome updated_at', secret: 'token_hash' },
  sign_in_challenges: {
    public: 'created_at expires_at id method updated_at used_at user_id',
    personal: 'device_label',
    secret: 'secret_hash',
  },
  signing_keys: {
    public: 'activated_at algorithm created_at id kid retired_at status updated_at',
    content: 'public_jwk',
    secret: 'sealed_private_jwk',
  },
  totp_secrets: { public: 'activated_at created_at last_used_step updated_at user_id', secret: 'sealed_secret' },
  used_refresh_tokens: { public: 'created_at id session_id updated_at used_at', secret: 'token_hash' },
  user_passwords: { public: 'created_at updated_at user_id', secret: 'password_hash' },
  user_roles: { public: 'created_at created_by role updated_at user_id' },
  users: {
    public:
      'access_changed_at access_version created_at deleted_at id is_email_verified is_second_factor_active is_service status updated_at version',
    personal: 'display_name email',
  },
};
