import type { Community } from '@guildhall/contracts';
import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { Invites } from './invites.tsx';
import { Members } from './members.tsx';
import { communityTexts } from './texts.ts';

const everyMs = 15_000;
const inviting = new Set(['owner', 'admin', 'moderator']);

const Workspaces = ({ communityId }: { readonly communityId: string }) => {
  const t = useTexts(communityTexts);
  const workspaces = useRead('listCommunityWorkspaces', { params: { communityId }, query: { limit: 100 } });
  return (
    <section aria-labelledby="workspaces">
      <h2 id="workspaces">{t.workspaces}</h2>
      <Shown read={workspaces}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t.noWorkspaces}</p>
          ) : (
            <ul className="rows">
              {items.map(({ id, name, description }) => (
                <li key={id} className="row">
                  <Link className="row-title" to={`/app/workspaces/${id}`}>
                    {name}
                  </Link>
                  <span className="muted">{description}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
};

const Opened = ({ community }: { readonly community: Community }) => {
  const t = useTexts(communityTexts);
  return (
    <Page title={community.name} trail={<Link to="/app/communities">{t.communities}</Link>} lead={community.description}>
      <Workspaces communityId={community.id} />
      <Members community={community} />
      {inviting.has(community.role) ? <Invites community={community} /> : null}
    </Page>
  );
};

/** One community: its workspaces, its members, and its invites for whoever may invite. */
export const Screen = ({ params }: ScreenParts) => {
  const community = useRead('getCommunity', { params: { communityId: params['communityId'] ?? '' } }, { everyMs });
  // A member who was removed meanwhile sees that at the next look, and nothing of before.
  return community.error === null ? (
    <Shown read={community}>{(data) => <Opened community={data} />}</Shown>
  ) : (
    <Shown read={{ ...community, data: undefined }}>{() => null}</Shown>
  );
};
