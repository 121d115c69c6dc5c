import {
  communityRoleMay,
  type CommunityMetric,
  type CommunityMetrics,
  type HeldRole,
  type CommunitySettings,
  type MetricPeriod,
} from '@guildhall/contracts';
import { requireFound, type RequestContext } from '@guildhall/resources';

/** The names of the counts that metrics are made of. */
export const countNames = [
  'activeMembers',
  'wealthPublished',
  'trustAwarded',
  'councilDeeds',
  'needsStated',
  'needsFulfilled',
  'requestsFiled',
  'disputesOpened',
] as const;
export type Counts = Readonly<Record<(typeof countNames)[number], number>>;

/** The actions that each count is of: those of the audit trail. */
export const countedActions: Readonly<Record<Exclude<keyof Counts, 'activeMembers'>, readonly string[]>> = {
  wealthPublished: ['wealth.create'],
  trustAwarded: ['trust-award.create'],
  councilDeeds: ['council.create', 'council.update', 'council.delete', 'council.restore'],
  needsStated: ['need.create'],
  needsFulfilled: ['need.fulfil'],
  requestsFiled: ['wealth-request.create'],
  disputesOpened: ['dispute.create'],
};

/** The counts of a period; of all periods where `from` is null. */
export type PeriodCounts = Counts & { readonly from: string | null };

/** Metrics as they are kept: with those that the settings hide. */
export type Figures = { readonly [Name in MetricName]: NonNullable<CommunityMetrics[Name]> };
export type MetricName =
  | 'activeMembers'
  | 'wealthGeneration'
  | 'trustNetwork'
  | 'councilActivity'
  | 'needsFulfillment'
  | 'disputeRate';

export interface MetricsAccess {
  /** The caller's role in the community. */
  readonly role: HeldRole;
  readonly visibility: CommunitySettings['metricVisibilitySettings'];
  readonly refreshSeconds: number;
  /** The kept metrics; null when there are none, or they are older than the refresh interval. */
  readonly kept: { readonly figures: Figures; readonly computedAt: string } | null;
}

/** The metrics of communities. Each operation is one statement. */
export interface MetricStore {
  /** Undefined when the user does not belong to the community. `at` is the time of the request. */
  find(userId: string, communityId: string, by: MetricPeriod, at: string): Promise<MetricsAccess | undefined>;
  /** Counts what was done since a time, in each period that has any, and in all of them. */
  count(communityId: string, by: MetricPeriod, since: string): Promise<readonly PeriodCounts[]>;
  /** Keeps metrics, unless newer ones are kept. */
  keep(communityId: string, by: MetricPeriod, figures: Figures, computedAt: string): Promise<void>;
}

/** The number of periods of an answer, the current one included. */
const periodsOf: Readonly<Record<MetricPeriod, number>> = { day: 30, week: 26, month: 24 };

const dayMs = 24 * 60 * 60 * 1000;
const daysPerWeek = 7;

/** The beginning of the period that lies `back` periods before the one of a time: in UTC, weeks on Monday. */
const beginningOf = (by: MetricPeriod, at: string, back: number): string => {
  const time = new Date(at);
  const [year, month, day] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()];
  if (by === 'month') return new Date(Date.UTC(year, month - back, 1)).toISOString();
  const sinceMonday = (time.getUTCDay() + daysPerWeek - 1) % daysPerWeek;
  const days = by === 'day' ? back : sinceMonday + back * daysPerWeek;
  return new Date(Date.UTC(year, month, day) - days * dayMs).toISOString();
};

/** The beginnings of all periods of an answer, oldest first. */
export const beginningsOf = (by: MetricPeriod, at: string): readonly string[] =>
  Array.from({ length: periodsOf[by] }, (_, index) => beginningOf(by, at, periodsOf[by] - 1 - index));

/** The metrics of counts. A period without contributions has zeros. */
export const figuresOf = (beginnings: readonly string[], counted: readonly PeriodCounts[]): Figures => {
  const total = counted.find(({ from }) => from === null);
  const byPeriod = new Map(counted.map((counts) => [counts.from, counts]));
  const countOf = (name: keyof Counts, from: string): number => byPeriod.get(from)?.[name] ?? 0;
  const count = (name: keyof Counts) => ({
    total: total?.[name] ?? 0,
    series: beginnings.map((from) => ({ from, count: countOf(name, from) })),
  });
  const rate = (name: keyof Counts, of: keyof Counts) => ({
    count: total?.[name] ?? 0,
    of: total?.[of] ?? 0,
    series: beginnings.map((from) => ({ from, count: countOf(name, from), of: countOf(of, from) })),
  });
  return {
    activeMembers: count('activeMembers'),
    wealthGeneration: count('wealthPublished'),
    trustNetwork: count('trustAwarded'),
    councilActivity: count('councilDeeds'),
    needsFulfillment: rate('needsFulfilled', 'needsStated'),
    disputeRate: rate('disputesOpened', 'requestsFiled'),
  };
};

/** The setting that shows a metric. */
const settingOf: Readonly<Record<MetricName, CommunityMetric>> = {
  activeMembers: 'showActiveMembers',
  wealthGeneration: 'showWealthGeneration',
  trustNetwork: 'showTrustNetwork',
  councilActivity: 'showCouncilActivity',
  needsFulfillment: 'showNeedsFulfillment',
  disputeRate: 'showDisputeRate',
};

/** True if a member sees a metric: the settings show it, or the member may change them. */
export const seesMetric = ({ role, visibility }: Pick<MetricsAccess, 'role' | 'visibility'>, metric: MetricName): boolean =>
  visibility[settingOf[metric]] || communityRoleMay(role, 'community:update');

/** The metrics as the caller sees them: null where the settings hide one. */
const visibleTo = (access: MetricsAccess, figures: Figures): Pick<CommunityMetrics, MetricName> => ({
  activeMembers: seesMetric(access, 'activeMembers') ? figures.activeMembers : null,
  wealthGeneration: seesMetric(access, 'wealthGeneration') ? figures.wealthGeneration : null,
  trustNetwork: seesMetric(access, 'trustNetwork') ? figures.trustNetwork : null,
  councilActivity: seesMetric(access, 'councilActivity') ? figures.councilActivity : null,
  needsFulfillment: seesMetric(access, 'needsFulfillment') ? figures.needsFulfillment : null,
  disputeRate: seesMetric(access, 'disputeRate') ? figures.disputeRate : null,
});

const compute = async (store: MetricStore, communityId: string, by: MetricPeriod, at: string) => {
  const beginnings = beginningsOf(by, at);
  const figures = figuresOf(beginnings, await store.count(communityId, by, beginnings[0] ?? at));
  await store.keep(communityId, by, figures, at);
  return { figures, computedAt: at };
};

/** The metrics of a community, computed again when they are older than its refresh interval. Throws NOT_FOUND. */
export const findMetrics = async (
  store: MetricStore,
  { caller, at }: RequestContext,
  { communityId, by }: { readonly communityId: string; readonly by: MetricPeriod },
): Promise<CommunityMetrics> => {
  const access = await requireFound('community', store.find(caller.userId, communityId, by, at));
  const { figures, computedAt } = access.kept ?? (await compute(store, communityId, by, at));
  const refreshAt = new Date(Date.parse(computedAt) + access.refreshSeconds * 1000).toISOString();
  return { by, computedAt, refreshAt, ...visibleTo(access, figures) };
};
