import { call } from '../../api/call.ts';
import { useWhole } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Shown } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { Invites } from './invites.tsx';
import { Members } from './members.tsx';
import { CommunityScreen } from './place.tsx';
import { communityTexts } from './texts.ts';

const Workspaces = ({ communityId }: { readonly communityId: string }) => {
  const t = useTexts(communityTexts);
  const workspaces = useWhole(['listCommunityWorkspaces', communityId], (page) =>
    call('listCommunityWorkspaces', { params: { communityId }, query: page }),
  );
  return (
    <section aria-labelledby="workspaces">
      <h2 id="workspaces">{t.workspaces}</h2>
      <Shown read={workspaces}>
        {(items) =>
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

/** One community: its workspaces, its members, and its invites for whoever may see them. */
export const Screen = ({ params }: ScreenParts) => (
  <CommunityScreen params={params}>
    {(place) => {
      const { communityId, may } = place;
      return (
        <>
          {may('workspace:read') ? <Workspaces communityId={communityId} /> : null}
          {may('member:read') ? <Members place={place} /> : null}
          {may('invite:read') ? <Invites place={place} /> : null}
        </>
      );
    }}
  </CommunityScreen>
);
