import { randomUUID } from 'node:crypto';

/** A small world for the statements that gather: who asks, where, for what and under which key, and what happens between. */

export const users = ['owner', 'viewer', 'reader', 'voter', 'stranger'] as const;
export const places = ['workspace', 'other', 'apart', 'unknown'] as const;
export const documents = ['first', 'second', 'elsewhere', 'unknown'] as const;
export const keys = [undefined, 'used', 'expired', 'unused'] as const;

const names = [...places, ...documents, 'community', 'foreign', 'reading', 'voting'];
const ids = new Map<string, string>(names.map((name) => [name, randomUUID()]));
export const id = (name: string): string => ids.get(name) ?? name;

const ownRole = (name: string, permission: string): string => `
  INSERT INTO team.own_roles (id, community_id, name, description, permissions, rank, created_by)
  VALUES ('${id(name)}', '${id('community')}', '${name}', '', ARRAY['${permission}'], 'viewer', 'owner');`;
const member = (user: string, role: string, { community = 'community', own = '' } = {}): string => `
  INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, own_role_id, joined_at, created_by)
  VALUES ('${id(community)}', 'community', '${user}', '${role}', ${own === '' ? 'NULL' : `'${id(own)}'`}, now(), 'owner');`;
const documentIn = (workspace: string, name: string): string => `
  INSERT INTO team.scripts (id, workspace_id, name, language, content, created_by)
  VALUES ('${id(name)}', '${id(workspace)}', '${name}', 'shell', 'echo ${name}', 'owner');
  INSERT INTO team.control_m_folders (id, workspace_id, name, definition, job_count, created_by)
  VALUES ('${id(name)}', '${id(workspace)}', '${name}', '{}', 0, 'viewer');`;

export const world = [
  ...users.map((user) => `INSERT INTO team.app_users (id, display_name) VALUES ('${user}', 'The ${user}');`),
  ...['community', 'foreign'].map(
    (name) => `INSERT INTO team.communities (id, name, created_by) VALUES ('${id(name)}', '${name}', 'owner');`,
  ),
  ownRole('reading', 'script:read'),
  ownRole('voting', 'poll:vote'),
  member('owner', 'owner'),
  member('viewer', 'viewer'),
  member('reader', 'viewer', { own: 'reading' }),
  member('voter', 'viewer', { own: 'voting' }),
  member('viewer', 'admin', { community: 'foreign' }),
  ...[
    ['workspace', 'community'],
    ['other', 'community'],
    ['apart', 'foreign'],
  ].map(
    ([name = '', community = '']) =>
      `INSERT INTO team.workspaces (id, community_id, name, created_by) VALUES ('${id(name)}', '${id(community)}', '${name}', 'owner');`,
  ),
  documentIn('workspace', 'first'),
  documentIn('workspace', 'second'),
  documentIn('apart', 'elsewhere'),
  `INSERT INTO team.idempotency_keys (principal_id, key, request_hash, answer, expires_at)
   VALUES ('owner', 'used', 'hash', '{"status":201,"body":{"id":"x"}}', now() + interval '1 day'),
          ('owner', 'expired', 'hash', '{"status":201,"body":{"id":"x"}}', now() - interval '1 day');`,
].join('\n');

/** Deletes a row softly, or undoes it. */
const turn = (table: string, condition: string): string =>
  `UPDATE team.${table} SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END WHERE ${condition}`;
export const happenings = [
  'SELECT 1',
  turn('resource_memberships', `user_id = 'viewer' AND resource_id = '${id('community')}'`),
  turn('communities', `id = '${id('foreign')}'`),
  turn('workspaces', `id = '${id('workspace')}'`),
  turn('own_roles', `id = '${id('reading')}'`),
  turn('scripts', `id = '${id('first')}'`),
  turn('control_m_folders', `id = '${id('second')}'`),
  `UPDATE team.scripts SET version = version + 1, content = content || '.' WHERE id = '${id('second')}'`,
  `UPDATE team.resource_memberships SET role = CASE role WHEN 'viewer' THEN 'member' ELSE 'viewer' END WHERE user_id = 'viewer'`,
];
