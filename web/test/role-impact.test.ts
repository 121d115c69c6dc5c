import type { Role } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { impactOf } from '../src/screens/role/impact.ts';

const role = (name: string, ...permissions: string[]): Role => ({ name, permissions, isSystem: false, version: 1 });
const holder = (id: string, ...roles: string[]) => ({ id, displayName: id, roles });

test('a change of a role touches the holders whom no other role of theirs gives the same', () => {
  const desk = role('desk', 'user:read', 'role:read');
  const roles = [desk, role('auditor', 'audit:read', 'role:read')];
  const [ada, ben] = [holder('ada', 'desk'), holder('ben', 'desk', 'auditor')];
  expect(impactOf(desk, ['user:read', 'audit:read'], [ada, ben], roles)).toEqual([
    { holder: ada, gains: ['audit:read'], losses: ['role:read'] },
  ]);
  expect(impactOf(desk, ['role:read'], [ada, ben], roles)).toEqual([
    { holder: ada, gains: [], losses: ['user:read'] },
    { holder: ben, gains: [], losses: ['user:read'] },
  ]);
  expect(impactOf(desk, desk.permissions, [ada, ben], roles)).toEqual([]);
});
