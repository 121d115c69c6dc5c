import { randomUUID } from 'node:crypto';
import {
  communityRoutes,
  controlMRoutes,
  errorsOf,
  exampleBodyOf,
  inviteRoutes,
  memberRoutes,
  scriptRoutes,
  workspaceRoutes,
  type PublicContract,
} from '@guildhall/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUser, problem, startTeamService, type Method, type Reply, type TeamService } from '../support/team-service.ts';

/** What holds for every public route of this service, whatever it does. */

const isRoute = (value: unknown): value is PublicContract =>
  typeof value === 'object' && value !== null && 'path' in value && 'method' in value;
const exported: readonly unknown[] = [
  communityRoutes,
  memberRoutes,
  inviteRoutes,
  workspaceRoutes,
  scriptRoutes,
  controlMRoutes,
].flatMap((group) => Object.values(group));
const ofTheGateway: readonly PublicContract[] = [workspaceRoutes.createWorkspace];
const routes = exported
  .filter(isRoute)
  .filter((route) => !ofTheGateway.includes(route))
  .map((route) => [route.name, route] as const);

const pathOf = ({ path }: PublicContract, id: string = randomUUID()): string =>
  path.replaceAll(/:(\w+)/g, (_all, name: string) => (name === 'version' ? '1' : id));
const optionsOf = (route: PublicContract, more: object = {}) => ({
  ...(route.body === undefined ? {} : { body: { ...(exampleBodyOf(route) as object), ...more } }),
  ...(route.isVersioned === true ? { ifMatch: 1 } : {}),
});
const scopeOf = ({ path }: PublicContract) =>
  path.includes(':communityId') ? 'community' : path.includes(':workspaceId') ? 'workspace' : 'authenticated';
const methodOf = ({ method }: PublicContract): Method => method as Method;
const codeOf = ({ status, body }: Reply): readonly unknown[] => [status, (body as { code?: string } | undefined)?.code];

let service: TeamService;
beforeAll(async () => {
  service = await startTeamService();
});
afterAll(() => service.close());

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
    const named: ReadonlySet<string> = errorsOf(route, { scope: scopeOf(route), isShared: true });
    expect(code === undefined ? Object.keys(route.responses).includes(String(answer.status)) : named.has(code)).toBe(true);
  });
});

describe('while the database is away', () => {
  let away: TeamService;
  beforeAll(async () => {
    away = await startTeamService({ isConfigured: false, env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing' } });
  });
  afterAll(() => away.close());

  test.each(routes)('%s answers 503 SHARED_DB_UNAVAILABLE at once', async (_name, route) => {
    const answer = await away.as(newUser())(methodOf(route), pathOf(route), optionsOf(route));
    expect(answer).toEqual(problem(503, 'SHARED_DB_UNAVAILABLE'));
  });
});
