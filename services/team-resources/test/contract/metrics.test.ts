import { randomUUID } from 'node:crypto';
import type { CommunityMetrics } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { newPlace, type Place } from '../support/people.ts';
import { newUser, noSuch, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

/** Records an activity as the relay does, some days ago. */
const record = (place: Place, user: User, action: string, daysAgo = 0) =>
  outbox.run(
    `INSERT INTO team.activities (id, community_id, user_id, action, resource_type, resource_id, is_shown, is_contribution, occurred_at)
     VALUES ('${randomUUID()}', '${place.id}', '${user.userId}', '${action}', 'x', 'x', true, ${action !== 'member.update'},
             now() - interval '${daysAgo} days')`,
  );

const metricsOf = async (place: Place, user: User, by = 'day'): Promise<CommunityMetrics> => {
  const { body } = await service.as(user)('GET', `/v1/communities/${place.id}/metrics?by=${by}`);
  return body as CommunityMetrics;
};

const setSettings = (place: Place, settings: object, ifMatch: number) =>
  service.as(place.owner)('PATCH', `/v1/communities/${place.id}`, { body: { settings }, ifMatch });

describe('GET /v1/communities/:communityId/metrics', () => {
  test('counts what was done in each period, and members once over all of them', async () => {
    const place = await newPlace(service, ['member']);
    const [member = newUser()] = place.members;
    await record(place, place.owner, 'wealth.create', 1);
    await record(place, place.owner, 'trust-award.create');
    await record(place, member, 'wealth-request.create');
    await record(place, member, 'dispute.create');
    await record(place, member, 'member.update');
    await record(place, member, 'need.create', 2);
    await record(place, place.owner, 'need.fulfil');
    await record(place, member, 'council.create');
    await record(place, place.owner, 'wealth.create', 60);
    const metrics = await metricsOf(place, member);
    expect([metrics.by, metrics.activeMembers?.total, metrics.activeMembers?.series.length]).toEqual(['day', 2, 30]);
    expect(metrics.activeMembers?.series.slice(-3).map(({ count }) => count)).toEqual([1, 1, 2]);
    expect(metrics.wealthGeneration?.series.slice(-2).map(({ count }) => count)).toEqual([1, 0]);
    expect([metrics.wealthGeneration?.total, metrics.trustNetwork?.total, metrics.councilActivity?.total]).toEqual([1, 1, 1]);
    expect([metrics.needsFulfillment?.count, metrics.needsFulfillment?.of]).toEqual([1, 1]);
    expect([metrics.disputeRate?.count, metrics.disputeRate?.of]).toEqual([1, 1]);
    expect((await metricsOf(place, member, 'month')).wealthGeneration?.total).toBe(2);
  });

  test('are computed once in the refresh interval of the community', async () => {
    const place = await newPlace(service);
    const first = await metricsOf(place, place.owner, 'week');
    expect(Date.parse(first.refreshAt) - Date.parse(first.computedAt)).toBe(3_600_000);
    await record(place, place.owner, 'wealth.create');
    expect(await metricsOf(place, place.owner, 'week')).toEqual(first);
    expect((await metricsOf(place, place.owner, 'day')).wealthGeneration?.total).toBe(1);
    await outbox.run(
      `UPDATE team.community_metrics SET computed_at = computed_at - interval '3600 seconds' WHERE community_id = '${place.id}'`,
    );
    const second = await metricsOf(place, place.owner, 'week');
    expect(second.wealthGeneration?.total).toBe(1);
    expect(second.computedAt > first.computedAt).toBe(true);
  });

  test('are hidden as the settings say, except from who may change the settings', async () => {
    const place = await newPlace(service, ['admin', 'moderator', 'viewer']);
    const [admin = newUser(), moderator = newUser(), viewer = newUser()] = place.members;
    await setSettings(place, { metricVisibilitySettings: { showDisputeRate: false, showActiveMembers: false } }, 1);
    for (const user of [moderator, viewer]) {
      const { disputeRate, activeMembers, trustNetwork } = await metricsOf(place, user);
      expect([disputeRate, activeMembers, trustNetwork?.total]).toEqual([null, null, 0]);
    }
    for (const user of [place.owner, admin]) expect((await metricsOf(place, user)).disputeRate?.of).toBe(0);
    await setSettings(place, { metricVisibilitySettings: { showDisputeRate: true } }, 2);
    expect((await metricsOf(place, viewer)).disputeRate?.of).toBe(0);
  });

  test('are not found by a member of another community', async () => {
    const [place, elsewhere] = [await newPlace(service), await newPlace(service)];
    expect(await service.as(elsewhere.owner)('GET', `/v1/communities/${place.id}/metrics`)).toEqual(noSuch('community'));
  });
});
