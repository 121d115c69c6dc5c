/** The tables that may break a convention, with the reason. An exception that is no longer used fails the test. */
interface Exception {
  readonly rule: string;
  readonly at: string;
  readonly reason: string;
}

/** The tables whose rows no user makes, by the reason. */
const madeByNobody = (reason: string, ...tables: readonly string[]): readonly Exception[] =>
  tables.map((table) => ({ rule: 'rows that a user made have created_by', at: `${table}.created_by`, reason }));

/** The tables whose `version` says something else than that a user edits and deletes the rows. */
const notRecoverable = (reason: string, ...tables: readonly string[]): readonly Exception[] =>
  tables.map((table) => ({ rule: 'recoverable rows have deleted_at', at: `${table}.deleted_at`, reason }));

const pointsToUsers = (...columns: readonly string[]): readonly Exception[] =>
  columns.map((at) => ({
    rule: 'foreign keys are called after the table',
    at,
    reason: 'app_users is the copy of users: a user’s id is called user_id everywhere.',
  }));

/** The indexes on names in small letters. */
const onNames = (...indexes: readonly string[]): readonly Exception[] =>
  indexes.map((at) => ({ rule: 'index names', at, reason: 'It is on the name in small letters, and called after the column.' }));

export const exceptions: readonly Exception[] = [
  ...onNames(
    'team.own_roles.uq_own_roles_community_id_name',
    'team.councils.idx_councils_community_id_name_id',
    'team.pools.idx_pools_community_id_name_id',
    'team.needs.idx_needs_community_id_title_id',
    'team.scripts.idx_scripts_workspace_id_name_id',
    'auth.users.idx_users_display_name_id',
  ),
  {
    rule: 'index names',
    at: 'team.wealth.idx_wealth_community_id_expires_at_id',
    reason: 'It is on the expiry with a last time in place of none, and called after the column.',
  },
  ...madeByNobody(
    'The user of the row made it: user_id, or the id itself, says who.',
    'auth.users',
    'auth.user_passwords',
    'auth.sessions',
    'auth.oauth_connections',
    'auth.passkeys',
    'auth.personal_tokens',
    'auth.email_changes',
    'auth.totp_secrets',
    'auth.recovery_codes',
    'team.app_users',
    'team.forum_reads',
    'team.activities',
    'data_looks',
  ),
  ...madeByNobody('They are written with their poll, by whoever opens it.', 'team.poll_options', 'team.poll_electors'),
  ...madeByNobody('Who vouches made the row: from_user_id.', 'team.trust_awards'),
  ...madeByNobody(
    'It is made before anybody has signed in.',
    'auth.auth_codes',
    'auth.login_delays',
    'auth.registrations',
    'auth.setup_tokens',
    'auth.sign_in_challenges',
    'auth.oauth_requests',
    'auth.passkey_requests',
  ),
  ...madeByNobody(
    'A process makes it: messages on their way, keys, leases and counts.',
    'auth.outbox_events',
    'auth.outgoing_mails',
    'auth.inbox_events',
    'auth.invited_addresses',
    'auth.rejected_events',
    'auth.mail_rates',
    'auth.signing_keys',
    'auth.used_refresh_tokens',
    'team.outbox_events',
    'team.community_metrics',
    'team.inbox_events',
    'team.rejected_events',
    'audit.event_counts',
    'audit.forward_cursors',
    'audit.log_heads',
    'audit.log_keys',
    'audit.log_tiles',
    'audit.checkpoints',
    'audit.rejected_events',
    'audit.removed_events',
  ),
  ...madeByNobody('The principal of the request is part of the key.', 'team.idempotency_keys', 'idempotency_keys'),
  ...madeByNobody('The workspace that it belongs to says who shared it.', 'sync_bases'),
  ...madeByNobody(
    'The only user of the file makes it; who is signed in stands in the audit trail.',
    'workspace_syncs',
    'workspace_sync_rows',
    'sync_conflicts',
  ),
  ...madeByNobody('The event itself says who acted: actor_id.', 'audit.audit_events'),
  ...madeByNobody(
    'Fixed rows, edited by administrators: the audit event of a change says by whom.',
    'audit.retention_policies',
    'settings',
  ),
  ...notRecoverable('A copy that follows auth.users; a user is deleted there.', 'team.app_users'),
  ...notRecoverable(
    'One row a version of a document, which is never edited; it goes with the document.',
    'team.script_versions',
    'script_versions',
    'team.control_m_folder_versions',
    'control_m_folder_versions',
    'team.control_m_document_versions',
    'control_m_document_versions',
  ),
  ...notRecoverable('One number for each member: it is revised, to 0 too, and never deleted.', 'team.trust_grants'),
  ...notRecoverable('Only its name is edited; who has the authenticator adds it again.', 'auth.passkeys'),
  ...notRecoverable('A name for permissions: the same role is made again, and the audit trail keeps what it was.', 'auth.roles'),
  ...notRecoverable('It ends by its states, and goes with its wealth.', 'team.wealth_requests', 'team.disputes'),
  ...notRecoverable('Fixed rows: a setting is changed, never deleted.', 'audit.retention_policies', 'settings'),
  { rule: 'id', at: 'auth.user_passwords', reason: 'At most one password a user: the user is the key.' },
  { rule: 'id', at: 'auth.totp_secrets', reason: 'At most one authenticator a user: the user is the key.' },
  { rule: 'id', at: 'auth.recovery_codes', reason: 'One set of codes a user: the user is the key.' },
  { rule: 'id', at: 'auth.user_roles', reason: 'A user holds a role once: the pair is the key.' },
  { rule: 'id', at: 'team.resource_memberships', reason: 'A user belongs to a resource once: the three are the key.' },
  { rule: 'uuid ids', at: 'auth.users.id', reason: 'An outside identity provider may give the id.' },
  { rule: 'uuid ids', at: 'team.app_users.id', reason: 'It is the id of auth.users.' },
  { rule: 'uuid ids', at: 'auth.login_delays.id', reason: 'The digest of whom the delay is for, found without another index.' },
  { rule: 'uuid ids', at: 'auth.invited_addresses.id', reason: 'The digest of the address, found without another index.' },
  { rule: 'uuid ids', at: 'auth.mail_rates.id', reason: 'The digest of the address, found without another index.' },
  { rule: 'uuid ids', at: 'audit.event_counts.id', reason: 'The number of one of a few fixed rows.' },
  { rule: 'plural snake_case tables', at: 'team.wealth', reason: 'Wealth has no plural.' },
  {
    rule: 'times end in _at',
    at: 'auth.outbox_events.claimed_until',
    reason: 'The end of a claim, not when something happened.',
  },
  {
    rule: 'times end in _at',
    at: 'team.outbox_events.claimed_until',
    reason: 'The end of a claim, not when something happened.',
  },
  {
    rule: 'foreign keys are called after the table',
    at: 'auth.user_roles.role',
    reason: 'It points to the name of the role, which is what tokens and events carry.',
  },
  ...pointsToUsers(
    'team.resource_memberships.user_id',
    'team.poll_electors.user_id',
    'team.forum_reads.user_id',
    'team.trust_awards.from_user_id',
    'team.trust_awards.to_user_id',
    'team.trust_grants.user_id',
  ),
  {
    rule: 'closed lists have a CHECK',
    at: 'audit.audit_events.resource_type',
    reason: 'Every service adds types of its own; an event is not refused because audit does not know its type.',
  },
  {
    rule: 'closed lists have a CHECK',
    at: 'team.activities.resource_type',
    reason: 'It is the type in the audit event, whose list grows with every noun.',
  },
];
