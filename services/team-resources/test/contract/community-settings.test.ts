import { defaultCommunitySettings, type Community } from '@guildhall/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outboxOf, startOutbox, type OutboxWindow } from '../support/outbox.ts';
import { newPlace, type Place } from '../support/people.ts';
import { done, newUser, noSuch, problem, startTeamService, type TeamService } from '../support/team-service.ts';

let service: TeamService;
let outbox: OutboxWindow;

beforeAll(async () => {
  service = await startTeamService();
  outbox = await startOutbox(service.databaseUrl);
});
afterAll(async () => {
  await outbox.close();
  await service.close();
});

const edit = ({ id, owner }: Place, settings: unknown, ifMatch = 1) =>
  service.as(owner)('PATCH', `/v1/communities/${id}`, { body: { settings }, ifMatch });

const faultsOf = ({ status, body }: { readonly status: number; readonly body: unknown }) => [
  status,
  (body as { errors?: readonly { path: string; message: string }[] }).errors,
];

describe('the settings of a community', () => {
  test('begin with the defaults of their columns, and every member reads them', async () => {
    const { id, owner, members } = await newPlace(service, ['viewer']);
    for (const user of [owner, ...members]) {
      const { body } = await service.as(user)('GET', `/v1/communities/${id}`);
      expect((body as Community).settings).toEqual(defaultCommunitySettings);
    }
  });

  test('are changed by name, metrics one by one, and each change is in the audit trail', async () => {
    const place = await newPlace(service, ['member']);
    const [member] = place.members;
    const pollCreatorUsers = [member?.userId];
    const minTrustForWealth = { value: 0.25, type: 'share' };
    const answer = await edit(place, {
      minTrustForWealth,
      minTrustToAwardTrust: { value: 15, type: 'number' },
      metricVisibilitySettings: { showDisputeRate: false },
      pollCreatorUsers,
    });
    const metricVisibilitySettings = { ...defaultCommunitySettings.metricVisibilitySettings, showDisputeRate: false };
    const settings = { ...defaultCommunitySettings, minTrustForWealth, metricVisibilitySettings, pollCreatorUsers };
    expect([answer.status, answer.etag, (answer.body as Community).settings]).toEqual([200, '"2"', settings]);
    expect(await service.as(place.owner)('GET', `/v1/communities/${place.id}`)).toEqual(answer);
    const event = (await outboxOf(outbox, place.id)).at(-1);
    expect([event?.action, event?.result]).toEqual(['community.update', 'success']);
    expect(event?.changes).toEqual([
      {
        path: '/settings/minTrustForWealth',
        before: defaultCommunitySettings.minTrustForWealth,
        after: minTrustForWealth,
      },
      {
        path: '/settings/metricVisibilitySettings',
        before: defaultCommunitySettings.metricVisibilitySettings,
        after: metricVisibilitySettings,
      },
      { path: '/settings/pollCreatorUsers', before: [], after: pollCreatorUsers },
    ]);
    expect((await edit(place, { minTrustForWealth }, 2)).etag).toBe('"2"');
  });

  test('take any titles that rise from 0', async () => {
    const place = await newPlace(service);
    const trustTitles = {
      titles: [
        { name: 'Guest', minScore: 0 },
        { name: 'Friend', minScore: 1 },
      ],
    };
    expect(((await edit(place, { trustTitles })).body as Community).settings.trustTitles).toEqual(trustTitles);
  });

  test.each([
    ['a negative threshold', { minTrustForWealth: { type: 'number', value: -1 } }],
    ['half a point', { minTrustForWealth: { type: 'number', value: 1.5 } }],
    ['a threshold beyond what can be granted', { minTrustForWealth: { type: 'number', value: 1001 } }],
    ['a share above one', { minTrustToAwardTrust: { type: 'share', value: 1.01 } }],
    ['a threshold of another kind', { minTrustToAwardTrust: { type: 'median', value: 1 } }],
    ['no title', { trustTitles: { titles: [] } }],
    ['a title without a visible character', { trustTitles: { titles: [{ name: ' ', minScore: 0 }] } }],
    ['no days', { nonContributionThresholdDays: 0 }],
    ['a refresh within a minute', { dashboardRefreshInterval: 59 }],
    ['an unknown metric', { metricVisibilitySettings: { showSecrets: true } }],
    ['a council that is no id', { disputeHandlingCouncils: ['x'] }],
    ['a user twice', { pollCreatorUsers: ['a', 'a'] }],
    ['an unknown setting', { theme: 'dark' }],
    ['no setting', {}],
  ])('refuse %s', async (_what, settings) => {
    const answer = await edit(await newPlace(service), settings);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([400, 'INVALID']);
  });

  test('tell every fault of titles that do not fit together', async () => {
    const titles = [
      { name: 'A', minScore: 1 },
      { name: 'B', minScore: 5 },
      { name: 'A', minScore: 5 },
    ];
    expect(faultsOf(await edit(await newPlace(service), { trustTitles: { titles } }))).toEqual([
      400,
      [
        { path: '/settings/trustTitles/titles/0/minScore', message: 'must be 0: every member has a title' },
        { path: '/settings/trustTitles/titles/2/minScore', message: 'must be more than 5, the score of the title before' },
        { path: '/settings/trustTitles/titles/2/name', message: 'is the name of an earlier title' },
      ],
    ]);
  });

  test('name active members of this community alone, and councils that it has', async () => {
    const place = await newPlace(service, ['member', 'member']);
    const elsewhere = await newPlace(service);
    const [stays, leaves] = place.members;
    const url = `/v1/communities/${place.id}/members/${leaves?.userId}`;
    expect(await service.as(place.owner)('DELETE', url)).toEqual(done);
    const pollCreatorUsers = [stays?.userId, leaves?.userId, elsewhere.owner.userId];
    const disputeHandlingCouncils = ['c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f'];
    expect(faultsOf(await edit(place, { pollCreatorUsers, disputeHandlingCouncils }))).toEqual([
      422,
      [
        { path: '/settings/pollCreatorUsers/1', message: 'is not an active member' },
        { path: '/settings/pollCreatorUsers/2', message: 'is not an active member' },
        { path: '/settings/disputeHandlingCouncils/0', message: 'is not a council of this community' },
      ],
    ]);
  });

  test('name councils of this community that are not deleted', async () => {
    const place = await newPlace(service);
    const send = service.as(place.owner);
    const url = `/v1/communities/${place.id}/councils`;
    const { id } = (await send('POST', url, { body: { name: 'Mediation' } })).body as { readonly id: string };
    const answer = await edit(place, { disputeHandlingCouncils: [id] });
    expect([answer.status, (answer.body as Community).settings.disputeHandlingCouncils]).toEqual([200, [id]]);
    expect((await edit(await newPlace(service), { disputeHandlingCouncils: [id] })).status).toBe(422);
    const named = async () =>
      ((await send('GET', `/v1/communities/${place.id}`)).body as Community).settings.disputeHandlingCouncils;
    await send('DELETE', `${url}/${id}`, { ifMatch: 1 });
    expect(await named()).toEqual([]);
    await send('POST', `${url}/${id}/restore`, { ifMatch: 2 });
    expect(await named()).toEqual([id]);
    await send('DELETE', `${url}/${id}`, { ifMatch: 3 });
    expect(await named()).toEqual([]);
    expect((await edit(place, { disputeHandlingCouncils: [id] }, 2)).status).toBe(422);
  });

  test('are not changed by a moderator, and not found by a member of another community', async () => {
    const place = await newPlace(service, ['moderator']);
    const elsewhere = await newPlace(service);
    const [moderator] = place.members;
    const request = { body: { settings: { nonContributionThresholdDays: 7 } }, ifMatch: 1 };
    const url = `/v1/communities/${place.id}`;
    expect(await service.as(moderator ?? newUser())('PATCH', url, request)).toEqual(
      problem(403, 'FORBIDDEN', 'Your role here, moderator, does not include community:update.'),
    );
    expect(await service.as(elsewhere.owner)('PATCH', url, request)).toEqual(noSuch('community'));
  });
});
