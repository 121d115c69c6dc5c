/** The settings of a new community. */
export const defaultCommunitySettings = {
  minTrustToAwardTrust: { type: 'number', value: 15 },
  minTrustForWealth: { type: 'number', value: 10 },
  trustTitles: { New: 0, Stable: 10, Trusted: 50 },
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
} as const;
export type CommunitySettings = typeof defaultCommunitySettings;
