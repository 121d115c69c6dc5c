import { randomUUID } from 'node:crypto';
import { createInternalSigner, principalHeader, serviceHeader } from '@guildhall/principal';
import { identityOf } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { newPlace } from '../support/people.ts';
import { done, newUser, noSuch, problem, startTeamService } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const accessOf = (userId: string, place: string) =>
  service.asService('GET', `/internal/access?userId=${encodeURIComponent(userId)}&${place}`);
const ask = (ids: string[]) => {
  const events = ids.map((id) => ({ id, digest: 'A'.repeat(43) }));
  return service.asService('POST', '/internal/events/missing', { body: { kind: 'user-changed', events } });
};
const now = (): Date => new Date();
const granted = (communityId: string, role: string | null) => ({
  status: 200,
  etag: undefined,
  body: { communityId, role },
});

describe('GET /internal/access', () => {
  test('answers what a user is in a community, named by itself or by a workspace, deleted or not', async () => {
    const { id, owner, members } = await newPlace(service, ['viewer']);
    const made = await service.as(owner)('POST', `/v1/communities/${id}/workspaces`, { body: { name: 'w' } });
    const workspaceId = (made.body as { id: string }).id;
    const viewer = members[0] ?? newUser();
    expect(await accessOf(viewer.userId, `communityId=${id}`)).toEqual(granted(id, 'viewer'));
    expect(await accessOf(owner.userId, `workspaceId=${workspaceId}`)).toEqual(granted(id, 'owner'));
    expect(await accessOf('stranger', `communityId=${id}`)).toEqual(granted(id, null));
    expect(await accessOf('stranger', `workspaceId=${workspaceId}`)).toEqual(granted(id, null));
    await service.as(owner)('DELETE', `/v1/workspaces/${workspaceId}`, { ifMatch: 1 });
    expect(await accessOf(owner.userId, `workspaceId=${workspaceId}`)).toEqual(granted(id, 'owner'));
    expect(await service.as(owner)('DELETE', `/v1/communities/${id}/members/${viewer.userId}`)).toEqual(done);
    expect(await accessOf(viewer.userId, `communityId=${id}`)).toEqual(granted(id, null));
  });

  test('answers 404 for what never was and for a deleted community, 400 unless exactly one is named', async () => {
    const { id, owner } = await newPlace(service);
    const made = await service.as(owner)('POST', `/v1/communities/${id}/workspaces`, { body: { name: 'w' } });
    await service.as(owner)('DELETE', `/v1/communities/${id}`, { ifMatch: 1 });
    expect(await accessOf(owner.userId, `communityId=${id}`)).toEqual(noSuch('community'));
    expect(await accessOf(owner.userId, `workspaceId=${(made.body as { id: string }).id}`)).toEqual(noSuch('workspace'));
    expect(await accessOf(owner.userId, `workspaceId=${randomUUID()}`)).toEqual(noSuch('workspace'));
    const unclear = problem(400, 'INVALID', 'Name either a community or a workspace.');
    expect(await service.asService('GET', '/internal/access?userId=x')).toEqual(unclear);
    expect(await accessOf('x', `communityId=${id}&workspaceId=${id}`)).toEqual(unclear);
  });
});

describe('POST /internal/events/missing', () => {
  test('names the events that were not taken', async () => {
    const [taken, missing] = [randomUUID(), randomUUID()];
    await outbox.run(`INSERT INTO team.inbox_events (id, kind) VALUES ('${taken}', 'user-changed')`);
    expect((await ask([taken, missing])).body).toEqual({ missing: [missing], altered: [] });
    expect((await ask([])).body).toEqual({ missing: [], altered: [] });
  });
});

describe('GET /internal/outbox', () => {
  test('tells how many events wait, and for how long', async () => {
    await newPlace(service);
    const { waiting, oldestWaitingSeconds } = (await service.asService('GET', '/internal/outbox')).body as {
      waiting: number;
      oldestWaitingSeconds: number;
    };
    const [counted] = await outbox.run('SELECT count(*)::int4 AS count FROM team.outbox_events WHERE published_at IS NULL');
    expect(counted).toEqual({ count: waiting });
    expect(oldestWaitingSeconds).toBeGreaterThan(0);
  });
});

describe('who is not of this installation', () => {
  const refused = problem(401, 'UNAUTHENTICATED', 'This address is for the services of this installation only.');
  const principal = { ...newUser(), sessionId: randomUUID(), permissions: [], ip: '' };

  test.each(['/v1/communities', '/v1/workspaces', '/internal/outbox', `/internal/access?userId=x&communityId=${randomUUID()}`])(
    'is refused at %s',
    async (path) => {
      expect(await service.send('GET', path, {})).toEqual(refused);
      const forger = createInternalSigner({ identity: { ...identityOf('audit'), name: 'gateway' }, now });
      const forged = await forger.signPrincipal(principal, 'team-resources');
      expect(await service.send('GET', path, { [principalHeader]: forged, [serviceHeader]: forged })).toEqual(refused);
    },
  );

  test('and a token for one kind of caller does not pass as the other', async () => {
    const signer = createInternalSigner({ identity: identityOf('gateway'), now });
    const asPrincipal = await signer.signPrincipal(principal, 'team-resources');
    const asService = await signer.signService('team-resources');
    expect(await service.send('GET', '/internal/outbox', { [serviceHeader]: asPrincipal })).toEqual(refused);
    expect(await service.send('GET', '/v1/communities', { [principalHeader]: asService })).toEqual(refused);
    const elsewhere = await signer.signPrincipal(principal, 'audit');
    expect(await service.send('GET', '/v1/communities', { [principalHeader]: elsewhere })).toEqual(refused);
  });
});

describe('without a shared database', () => {
  test('every route answers 503 NOT_CONFIGURED, and readiness says why', async () => {
    const alone = await startTeamService({ isConfigured: false });
    const missing = problem(503, 'NOT_CONFIGURED', 'No shared database is set up for this service.');
    const send = alone.as(newUser());
    expect(await send('GET', '/v1/communities')).toEqual(missing);
    expect(await send('POST', '/v1/communities', { body: { name: 'x' } })).toEqual(missing);
    expect(await send('GET', `/v1/workspaces/${randomUUID()}`)).toEqual(missing);
    expect(await send('POST', '/v1/invites/accept', { body: { token: 'x' } })).toEqual(missing);
    expect(await send('DELETE', `/v1/communities/${randomUUID()}/members/x`)).toEqual(missing);
    expect(await alone.asService('GET', '/internal/outbox')).toEqual(missing);
    expect(await alone.send('GET', '/readyz', {})).toEqual({
      status: 503,
      etag: undefined,
      body: {
        isReady: false,
        sharedDatabase: { source: null, configurationId: null, migrations: null, status: 'not_configured' },
      },
    });
    await alone.close();
  });
});
