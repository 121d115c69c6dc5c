import { communityRoles, globalRoles, type CommunityRole, type GlobalRole, type PublicContract } from '@guildhall/contracts';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { communityRoleMayCall, globalRoleMayCall } from '../../services/gateway/test/support/access-oracle.ts';
import { routeTable } from '../../services/gateway/src/route-table.ts';

const cells = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The rows of the committed table whose roles are in its head, as the roles that are said to be allowed by `METHOD path`. */
const tableUnder = async (heading: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const text = await readFile(path.resolve(import.meta.dirname, '../../docs/permissions.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const [head = [], ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| ---'))
    .map(cells);
  const roles = head.slice(2);
  return new Map(
    rows.map(([route = '', _permission, ...marks]) => [
      route.replaceAll('`', ''),
      roles.filter((_role, index) => {
        expect(['yes', '–']).toContain(marks[index]);
        return marks[index] === 'yes';
      }),
    ]),
  );
};

const contractsOf = (...kinds: readonly string[]): readonly PublicContract[] =>
  routeTable.filter(({ access }) => kinds.includes(access.kind)).map(({ contract }) => contract);
const expected = <Role extends string>(
  contracts: readonly PublicContract[],
  roles: readonly Role[],
  may: (role: Role, route: PublicContract) => boolean,
) => new Map(contracts.map((contract) => [`${contract.method} ${contract.path}`, roles.filter((role) => may(role, contract))]));

test('every cell of the matrix of community roles is what the rules of the design say', async () => {
  const rows = expected<CommunityRole>(contractsOf('community', 'workspace'), communityRoles, communityRoleMayCall);
  expect(rows.size).toBeGreaterThan(90);
  expect(await tableUnder('In a community')).toEqual(rows);
});

test('every cell of the matrix of global roles is what the rules of the design say', async () => {
  const rows = expected<GlobalRole>(contractsOf('permission', 'installer', 'solo-or-permission'), globalRoles, globalRoleMayCall);
  expect(rows.size).toBeGreaterThan(20);
  expect(await tableUnder('Global')).toEqual(rows);
});

test('a route that nobody decided about is refused by the oracle', () => {
  const route = { method: 'POST', path: '/v1/communities/:communityId/unknowns' } as const;
  expect(() => communityRoleMayCall('owner', route)).toThrow(/say in access-oracle.ts who may call it/);
  expect(() => globalRoleMayCall('owner', { method: 'GET', path: '/v1/unknowns' })).toThrow(/say in access-oracle.ts/);
});
