import { Type, type Static } from 'typebox';
import { atLeastOne, closed, field, named, UserId, Uuid } from '../fields.ts';
import { visibleLine } from '../patterns.ts';

/** The highest trust score that a community may ask for, and the most points that it may name for a title. */
export const trustScoreMax = 1000;
const trustTitlesMax = 20;
const dashboardRefreshSecondsMin = 60;
const dashboardRefreshSecondsMax = 604_800;
const nonContributionDaysMax = 3650;
const disputeHandlingCouncilsMax = 50;
const pollCreatorUsersMax = 200;

const Threshold = Type.Union([
  closed({
    type: field(Type.Literal('number'), 'The threshold is a number of points.'),
    value: Type.Integer({ minimum: 0, maximum: trustScoreMax, description: 'The points.' }),
  }),
  closed({
    type: field(Type.Literal('share'), 'The threshold is a share of the active members, rounded up, at least 1 and at most 15.'),
    value: Type.Number({ minimum: 0, maximum: 1, description: 'The share: 0.25 is a quarter.' }),
  }),
]);
/** A trust score to be reached: a number, or a share of the active members, rounded up, at least 1 and at most 15. */
export type TrustThreshold = Static<typeof Threshold>;

const threshold = (description: string, value: number) => field(Threshold, description, { type: 'number', value });

const TrustTitle = closed({
  name: Type.String({ minLength: 1, maxLength: 100, pattern: visibleLine, description: 'The title.', examples: ['Trusted'] }),
  minScore: Type.Integer({
    minimum: 0,
    maximum: trustScoreMax,
    description: 'The score from which a member has the title.',
    examples: [50],
  }),
});

const metrics = {
  showActiveMembers: Type.Boolean({ description: 'Whether members see how many of them are active.' }),
  showWealthGeneration: Type.Boolean({ description: 'Whether members see how much wealth is shared.' }),
  showTrustNetwork: Type.Boolean({ description: 'Whether members see the growth of the trust network.' }),
  showCouncilActivity: Type.Boolean({ description: 'Whether members see what councils do.' }),
  showNeedsFulfillment: Type.Boolean({ description: 'Whether members see how many needs are fulfilled.' }),
  showDisputeRate: Type.Boolean({ description: 'Whether members see how many requests end in a dispute.' }),
};

const fields = {
  minTrustToAwardTrust: threshold('The trust score from which a member may award trust. Admins and owners always may.', 15),
  minTrustForWealth: threshold('The trust score from which a member may publish wealth. Admins and owners always may.', 10),
  trustTitles: Type.Object(
    {
      titles: Type.Array(TrustTitle, {
        minItems: 1,
        maxItems: trustTitlesMax,
        description:
          'The titles, from the lowest to the highest: the first from 0, each from more than the one before; no name twice.',
      }),
    },
    {
      additionalProperties: false,
      description: 'The titles that members earn by their trust score.',
      examples: [
        {
          titles: [
            { name: 'New', minScore: 0 },
            { name: 'Stable', minScore: 10 },
            { name: 'Trusted', minScore: 50 },
          ],
        },
      ],
    },
  ),
  nonContributionThresholdDays: Type.Integer({
    minimum: 1,
    maximum: nonContributionDaysMax,
    description: 'The days without a contribution after which a member counts as not contributing.',
    examples: [30],
  }),
  dashboardRefreshInterval: Type.Integer({
    minimum: dashboardRefreshSecondsMin,
    maximum: dashboardRefreshSecondsMax,
    description: 'How long computed metrics are shown before they are computed again, in seconds.',
    examples: [3600],
  }),
  metricVisibilitySettings: Type.Object(metrics, { additionalProperties: false, description: 'The metrics that members see.' }),
  disputeHandlingCouncils: Type.Array(Uuid, {
    maxItems: disputeHandlingCouncilsMax,
    uniqueItems: true,
    description: 'The councils of this community that handle disputes; none: admins and owners do.',
    examples: [[]],
  }),
  pollCreatorUsers: Type.Array(UserId, {
    maxItems: pollCreatorUsersMax,
    uniqueItems: true,
    description: 'The members who may open a poll beside moderators, admins and owners; none: every member may.',
    examples: [[]],
  }),
};

export const CommunitySettings = named('CommunitySettings', 'What a community has agreed on.', fields);
export type CommunitySettings = Static<typeof CommunitySettings>;

/** The metrics that a community may hide. */
export type CommunityMetric = keyof typeof metrics;

export const CommunitySettingsEdit = atLeastOne({
  minTrustToAwardTrust: Type.Optional(fields.minTrustToAwardTrust),
  minTrustForWealth: Type.Optional(fields.minTrustForWealth),
  trustTitles: Type.Optional(fields.trustTitles),
  nonContributionThresholdDays: Type.Optional(fields.nonContributionThresholdDays),
  dashboardRefreshInterval: Type.Optional(fields.dashboardRefreshInterval),
  metricVisibilitySettings: Type.Optional(
    field(
      atLeastOne(Type.Partial(fields.metricVisibilitySettings).properties),
      'The metrics that members see. A metric that is not named stays as it is.',
      { showDisputeRate: false },
    ),
  ),
  disputeHandlingCouncils: Type.Optional(fields.disputeHandlingCouncils),
  pollCreatorUsers: Type.Optional(fields.pollCreatorUsers),
});
/** The settings that a change names; each is replaced whole, metrics one by one. */
export type CommunitySettingsEdit = Static<typeof CommunitySettingsEdit>;

/** The settings of a new community: the defaults of the columns. A test holds the two together. */
export const defaultCommunitySettings: CommunitySettings = {
  minTrustToAwardTrust: { type: 'number', value: 15 },
  minTrustForWealth: { type: 'number', value: 10 },
  trustTitles: {
    titles: [
      { name: 'New', minScore: 0 },
      { name: 'Stable', minScore: 10 },
      { name: 'Trusted', minScore: 50 },
    ],
  },
  nonContributionThresholdDays: 30,
  dashboardRefreshInterval: 3600,
  metricVisibilitySettings: {
    showActiveMembers: true,
    showWealthGeneration: true,
    showTrustNetwork: true,
    showCouncilActivity: true,
    showNeedsFulfillment: true,
    showDisputeRate: true,
  },
  disputeHandlingCouncils: [],
  pollCreatorUsers: [],
};
