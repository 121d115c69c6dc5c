import type { CommunitySettings, CommunitySettingsEdit } from '@guildhall/contracts';
import { AppError, type FieldError } from '@guildhall/errors';

/** The users and councils that an edit of settings names: they must be active members and councils of the community. */
export interface NamedInSettings {
  readonly users: readonly string[];
  readonly councils: readonly string[];
}

export const namedIn = ({
  pollCreatorUsers = [],
  disputeHandlingCouncils = [],
}: CommunitySettingsEdit = {}): NamedInSettings => ({
  users: pollCreatorUsers,
  councils: disputeHandlingCouncils,
});

type Titles = CommunitySettings['trustTitles']['titles'];

const titleFaults = (titles: Titles): readonly FieldError[] =>
  titles.flatMap(({ name, minScore }, index) => {
    const path = `/settings/trustTitles/titles/${index}`;
    const previous = titles[index - 1];
    const isFirst = previous === undefined;
    const earlier = titles.slice(0, index).some((title) => title.name === name);
    return [
      ...(isFirst && minScore !== 0 ? [{ path: `${path}/minScore`, message: 'must be 0: every member has a title' }] : []),
      ...(!isFirst && minScore <= previous.minScore
        ? [{ path: `${path}/minScore`, message: `must be more than ${previous.minScore}, the score of the title before` }]
        : []),
      ...(earlier ? [{ path: `${path}/name`, message: 'is the name of an earlier title' }] : []),
    ];
  });

/** Throws INVALID with every fault of the edit that its schema does not see. */
export const requireSettings = ({ trustTitles }: CommunitySettingsEdit): void => {
  const errors = titleFaults(trustTitles?.titles ?? []);
  if (errors.length > 0) throw new AppError('INVALID', 'The settings are not valid.', { errors });
};

const unknownFaults = (path: string, named: readonly string[], unknown: readonly string[], message: string): FieldError[] =>
  named.flatMap((id, index) => (unknown.includes(id) ? [{ path: `${path}/${index}`, message }] : []));

/** Throws UNPROCESSABLE that names the users and councils of the edit that the community does not have. */
export const requireKnown = (named: NamedInSettings, unknown: NamedInSettings): void => {
  const errors = [
    ...unknownFaults('/settings/pollCreatorUsers', named.users, unknown.users, 'is not an active member'),
    ...unknownFaults('/settings/disputeHandlingCouncils', named.councils, unknown.councils, 'is not a council of this community'),
  ];
  if (errors.length > 0) throw new AppError('UNPROCESSABLE', 'The settings name what the community does not have.', { errors });
};

/** The settings after an edit: a part that it names replaces the former one, a metric that it does not name stays as it is. */
export const editSettings = (current: CommunitySettings, edit: CommunitySettingsEdit): CommunitySettings => ({
  ...current,
  ...edit,
  metricVisibilitySettings: { ...current.metricVisibilitySettings, ...edit.metricVisibilitySettings },
});

/** The settings as fields of the audit trail: each with its path below the community. */
export const settingsFields = (settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`settings/${name}`, value]));
