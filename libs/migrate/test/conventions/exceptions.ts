/** Where a table may break a convention, and why. One that is not used any more fails the test. */
export const exceptions: readonly { readonly rule: string; readonly at: string; readonly reason: string }[] = [
  { rule: 'id', at: 'auth.user_passwords', reason: 'At most one password a user: the user is the key.' },
  { rule: 'id', at: 'auth.user_roles', reason: 'A user holds a role once: the pair is the key.' },
  { rule: 'id', at: 'team.resource_memberships', reason: 'A user belongs to a resource once: the three are the key.' },
  { rule: 'uuid ids', at: 'auth.users.id', reason: 'An outside identity provider may give the id.' },
  { rule: 'uuid ids', at: 'team.app_users.id', reason: 'It is the id of auth.users.' },
  { rule: 'uuid ids', at: 'auth.login_delays.id', reason: 'The digest of whom the delay is for, found without another index.' },
  { rule: 'uuid ids', at: 'audit.event_counts.id', reason: 'The number of one of a few fixed rows.' },
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
  {
    rule: 'foreign keys are called after the table',
    at: 'team.resource_memberships.user_id',
    reason: 'app_users is the copy of users: a user’s id is called user_id everywhere.',
  },
  {
    rule: 'closed lists have a CHECK',
    at: 'audit.audit_events.resource_type',
    reason: 'Every service adds types of its own; an event is not refused because audit does not know its type.',
  },
];
