import { Type, type Static } from 'typebox';
import { closed, CommunityId, field, named, nullable, Timestamp } from '../fields.ts';
import { group } from '../route.ts';
import { communityTag } from './tags.ts';

const metricPeriods = ['day', 'week', 'month'] as const;
export type MetricPeriod = (typeof metricPeriods)[number];

const count = (description: string, example: number) => Type.Integer({ minimum: 0, description, examples: [example] });
const From = field(
  Timestamp,
  'When the period begins: days at midnight, weeks on Monday, months on the first, in UTC.',
  '2026-01-26T00:00:00.000Z',
);

const CountMetric = closed({
  total: count('Over all periods of the answer.', 12),
  series: Type.Array(closed({ from: From, count: count('In this period.', 5) }), {
    description: 'One entry for each period, oldest first.',
  }),
});
const RateMetric = closed({
  count: count('How many, over all periods of the answer.', 3),
  of: count('Of how many.', 4),
  series: Type.Array(
    closed({ from: From, count: count('How many in this period.', 1), of: count('Of how many in this period.', 2) }),
    {
      description: 'One entry for each period, oldest first.',
    },
  ),
});

const visible = <S extends Parameters<typeof nullable>[0]>(metric: S, description: string) =>
  nullable(metric, `${description} Null where the settings hide it from the caller.`);

export const CommunityMetrics = named('CommunityMetrics', 'What goes on in a community, in periods of one length.', {
  by: Type.Enum([...metricPeriods], { description: 'The length of the periods.', examples: ['week'] }),
  computedAt: field(Timestamp, 'When the metrics were computed.', '2026-01-31T08:30:00.000Z'),
  refreshAt: field(Timestamp, 'From when on they are computed again.', '2026-01-31T09:30:00.000Z'),
  activeMembers: visible(CountMetric, 'The members who contributed.'),
  wealthGeneration: visible(CountMetric, 'The wealth that was published.'),
  trustNetwork: visible(CountMetric, 'The trust awards that were made.'),
  councilActivity: visible(CountMetric, 'What was done to councils.'),
  needsFulfillment: visible(RateMetric, 'The needs that were fulfilled, of those that were stated.'),
  disputeRate: visible(RateMetric, 'The disputes that were opened, of the requests that were filed.'),
});
export type CommunityMetrics = Static<typeof CommunityMetrics>;

export const metricRoutes = group(communityTag, {
  getCommunityMetrics: {
    method: 'GET',
    path: '/v1/communities/:communityId/metrics',
    summary:
      'What goes on in a community: the last 30 days, 26 weeks or 24 months. Admins and owners see what the settings hide.',
    permission: 'metrics:read',
    action: 'metrics.read',
    subject: { type: 'community', parameter: 'communityId' },
    params: { communityId: CommunityId },
    query: {
      by: Type.Optional(
        Type.Enum([...metricPeriods], { default: 'week', description: 'The length of the periods.', examples: ['week'] }),
      ),
    },
    responses: { 200: CommunityMetrics },
  },
});
