import type { Community, CommunityRight } from '@guildhall/contracts';
import type { ComponentType, ReactNode } from 'react';
import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { TabBar } from '../../ui/tab-bar.tsx';
import type { ScreenParts } from '../screens.ts';
import { placeTexts } from './place-texts.ts';

const everyMs = 15_000;

/** A community as the person who looks at it stands in it. */
export interface Place {
  readonly community: Community;
  readonly communityId: string;
  /** The address of the community, to which the screens of its parts add their own. */
  readonly address: string;
  readonly ownId: string;
  readonly may: (right: CommunityRight) => boolean;
}

const tabs = [
  ['', 'overview', 'community:read'],
  ['/trust', 'trust', 'trust:read'],
  ['/wealth', 'wealth', 'wealth:read'],
  ['/pools', 'pools', 'pool:read'],
  ['/needs', 'needs', 'need:read'],
  ['/disputes', 'disputes', 'dispute:read'],
  ['/councils', 'councils', 'council:read'],
  ['/forums', 'forums', 'forum:read'],
  ['/polls', 'polls', 'poll:read'],
  ['/activity', 'activity', 'activity:read'],
  ['/roles', 'roles', 'own-role:read'],
  ['/audit', 'audit', 'community-audit:read'],
  ['/settings', 'settings', 'community:read'],
] as const;

const Tabs = ({ place }: { readonly place: Place }) => {
  const t = useTexts(placeTexts);
  return (
    <TabBar
      label={t.parts}
      tabs={tabs
        .filter(([, , right]) => place.may(right))
        .map(([path, name]) => ({ to: `${place.address}${path}`, label: t[name], coversBelow: path !== '' }))}
    />
  );
};

interface CommunityScreenParts extends Pick<ScreenParts, 'params'> {
  /** The title of the page; that of the community where there is none. */
  readonly title?: string;
  readonly lead?: string;
  /** Stands at the head of the page: what the person can do. */
  readonly Head?: ComponentType<{ readonly place: Place }>;
  readonly children: (place: Place) => ReactNode;
}

const Opened = ({
  title,
  lead,
  Head,
  children,
  community,
  rights,
}: Omit<CommunityScreenParts, 'params'> & {
  readonly community: Community;
  readonly rights: { readonly userId: string; readonly permissions: readonly CommunityRight[] };
}) => {
  const t = useTexts(placeTexts);
  const address = `/app/communities/${community.id}`;
  const may = (right: CommunityRight): boolean => rights.permissions.includes(right);
  const place: Place = { community, communityId: community.id, address, ownId: rights.userId, may };
  const trail = (
    <>
      <Link to="/app/communities">{t.communities}</Link>
      {title === undefined ? null : (
        <>
          {' / '}
          <Link to={address}>{community.name}</Link>
        </>
      )}
    </>
  );
  return (
    <Page
      title={title ?? community.name}
      trail={trail}
      lead={lead ?? (title === undefined ? community.description : undefined)}
      actions={Head === undefined ? undefined : <Head place={place} />}
    >
      <Tabs place={place} />
      {children(place)}
    </Page>
  );
};

/** A screen within a community, below the tabs of what the person may see of it. */
export const CommunityScreen = ({ params, ...parts }: CommunityScreenParts) => {
  const request = { params: { communityId: params['communityId'] ?? '' } };
  const community = useRead('getCommunity', request, { everyMs });
  const rights = useRead('listOwnPermissions', request, { everyMs });
  // A member who was removed meanwhile sees that at the next look, and nothing of before.
  if (community.error !== null) return <Shown read={{ ...community, data: undefined }}>{() => null}</Shown>;
  return (
    <Shown read={community}>
      {(data) => <Shown read={rights}>{(own) => <Opened {...parts} community={data} rights={own} />}</Shown>}
    </Shown>
  );
};
