import { randomUUID } from 'node:crypto';
import { communityRoutes, controlMRoutes, workspaceRoutes, type RouteContract } from '@guildhall/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  newUser,
  problem,
  startOn,
  startTeamService,
  type Method,
  type Reply,
  type TeamService,
} from '../support/team-service.ts';

/** What holds for every public route of this service, whatever it does. */

const isRoute = (value: unknown): value is RouteContract =>
  typeof value === 'object' && value !== null && 'path' in value && 'method' in value;
const exported: readonly unknown[] = [communityRoutes, workspaceRoutes, controlMRoutes].flatMap((group) => Object.values(group));
const ofTheGateway: readonly RouteContract[] = [workspaceRoutes.createWorkspace];
const routes = exported
  .filter(isRoute)
  .filter((route) => !ofTheGateway.includes(route))
  .map((route) => [route.name, route] as const);

const bodies: Readonly<Record<string, object>> = {
  createCommunity: { name: 'x' },
  updateCommunity: { name: 'x' },
  updateMember: { role: 'viewer' },
  createInvite: { role: 'viewer' },
  acceptInvite: { token: 'x' },
  declineInvite: { token: 'x' },
  createCommunityWorkspace: { name: 'x' },
  updateWorkspace: { name: 'x' },
  createScript: { name: 'x', language: 'sql', content: '' },
  updateScript: { name: 'x' },
  createControlMFolder: { name: 'x', definition: { Type: 'Folder' } },
  updateControlMFolder: { name: 'x' },
};
const pathOf = ({ path }: RouteContract, id: string = randomUUID()): string =>
  path.replaceAll(/:(\w+)/g, (_all, name: string) => (name === 'version' ? '1' : id));
const optionsOf = ({ name, isVersioned }: RouteContract, more: object = {}) => ({
  ...(bodies[name] === undefined ? {} : { body: { ...bodies[name], ...more } }),
  ...(isVersioned === true ? { ifMatch: 1 } : {}),
});
const methodOf = ({ method }: RouteContract): Method => method as Method;
const codeOf = ({ status, body }: Reply): readonly unknown[] => [status, (body as { code?: string } | undefined)?.code];

let service: TeamService;
beforeAll(async () => {
  service = await startTeamService();
});
afterAll(() => service.close());

test('every route that takes a body has one here', () => {
  const names = routes.filter(([, { body }]) => body !== undefined).map(([name]) => name);
  expect(new Set(names)).toEqual(new Set(Object.keys(bodies)));
});

describe.each(routes)('%s', (_name, route) => {
  const hasId = /:\w+Id/.test(route.path) && !route.path.endsWith(':userId');

  test('answers 401 without a principal', async () => {
    expect(codeOf(await service.send(methodOf(route), pathOf(route), {}, optionsOf(route)))).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('refuses what its contract does not know', async () => {
    const send = service.as(newUser());
    const refused = [400, 'INVALID'];
    expect(codeOf(await send(methodOf(route), `${pathOf(route)}?colour=red`, optionsOf(route)))).toEqual(refused);
    const odd = hasId ? pathOf(route, 'not-an-id') : `${pathOf(route)}?limit=0`;
    expect(codeOf(await send(methodOf(route), odd, optionsOf(route)))).toEqual(refused);
    const more = await send(methodOf(route), pathOf(route), optionsOf(route, { colour: 'red' }));
    expect(codeOf(more)).toEqual(
      route.body === undefined ? codeOf(await send(methodOf(route), pathOf(route), optionsOf(route))) : refused,
    );
  });

  test('wants to know the version that is changed, where it changes one', async () => {
    const { ifMatch: _version, ...options } = { ifMatch: 0, ...optionsOf(route) };
    const answer = await service.as(newUser())(methodOf(route), pathOf(route), options);
    expect(answer.status === 428).toBe(route.isVersioned === true);
  });

  test('answers no status that its contract does not name', async () => {
    const answer = await service.as(newUser())(methodOf(route), pathOf(route), optionsOf(route));
    const { code } = answer.body as { code?: string };
    const named: readonly string[] = route.errors;
    expect(code === undefined ? Object.keys(route.responses).includes(String(answer.status)) : named.includes(code)).toBe(true);
  });
});

describe('while the database is away', () => {
  let away: TeamService;
  beforeAll(async () => {
    away = await startOn('postgres://nobody@127.0.0.1:9/nothing', async () => {});
  });
  afterAll(() => away.close());

  test.each(routes)('%s answers 503 SHARED_DB_UNAVAILABLE at once', async (_name, route) => {
    const answer = await away.as(newUser())(methodOf(route), pathOf(route), optionsOf(route));
    expect(answer).toEqual(problem(503, 'SHARED_DB_UNAVAILABLE'));
  });
});
