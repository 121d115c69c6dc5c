import type { Community, CommunitySettings, CommunitySettingsEdit, TrustThreshold } from '@guildhall/contracts';

/** The settings as the form has them: the titles as lines, everything else as it is. */
export interface Draft extends Omit<CommunitySettings, 'trustTitles'> {
  readonly name: string;
  readonly description: string;
  readonly titles: string;
}

export const draftOf = ({ name, description, settings: { trustTitles, ...settings } }: Community): Draft => ({
  ...settings,
  name,
  description,
  titles: trustTitles.titles.map((title) => `${title.minScore} ${title.name}`).join('\n'),
});

/** The titles of lines such as `10 Stable`. A line without a score is sent as it is: the answer says what is wrong with it. */
const titlesIn = (text: string): CommunitySettings['trustTitles']['titles'] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, score = '-1', name = line] = /^(\d+)\s+(.+)$/.exec(line) ?? [];
      return { name, minScore: Number(score) };
    });

const settingsOf = ({ name: _name, description: _description, titles, ...settings }: Draft): CommunitySettings => ({
  ...settings,
  trustTitles: { titles: titlesIn(titles) },
});

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The fields of an object that differ from another one. */
const changed = <T extends object>(before: T, after: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !isEqual((before as Readonly<Record<string, unknown>>)[name], value)),
  ) as Partial<T>;

export interface CommunityEdit {
  readonly name?: string;
  readonly description?: string;
  readonly settings?: CommunitySettingsEdit;
}

/** The change that a draft is: what differs from the community alone. Null where nothing does. */
export const editOf = (community: Community, draft: Draft): CommunityEdit | null => {
  const settings = changed(community.settings, settingsOf(draft));
  const { name, description } = community;
  const about = changed({ name, description }, { name: draft.name, description: draft.description });
  const edit = { ...about, ...(Object.keys(settings).length === 0 ? {} : { settings: settings as CommunitySettingsEdit }) };
  return Object.keys(edit).length === 0 ? null : edit;
};

/** A threshold as a number for people: points, or per cent. */
export const shownValue = ({ type, value }: TrustThreshold): number =>
  type === 'share' ? Math.round(value * 1_000) / 10 : value;

export const thresholdOf = (type: TrustThreshold['type'], shown: number): TrustThreshold =>
  type === 'share' ? { type, value: Math.min(1, Math.max(0, shown / 100)) } : { type, value: Math.round(shown) };
