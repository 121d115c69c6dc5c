import type { InboxItem } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { PagedList } from '../../ui/states.tsx';
import { homeTexts } from './texts.ts';

/** The address of what waits, as near as the inbox tells. */
const placeOf = ({ kind, id, communityId }: InboxItem): string => {
  const community = `/app/communities/${communityId}`;
  const places = {
    invite: '/app/communities',
    vote: `${community}/polls/${id}`,
    dispute: `${community}/disputes/${id}`,
    request: `${community}/wealth`,
    thread: `${community}/forums`,
  };
  return places[kind];
};

/** The things that wait for the person, in all their communities. */
export const Inbox = () => {
  const t = useTexts(homeTexts);
  const format = useFormat();
  const pages = usePages(['listInbox'], (cursor) =>
    call('listInbox', { query: { limit: 10, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  return (
    <section aria-labelledby="inbox">
      <h2 id="inbox">{t.waits}</h2>
      <PagedList pages={pages} empty={<p className="muted">{t.nothingWaits}</p>}>
        {(items) => (
          <ul className="rows">
            {items.map((item) => (
              <li key={`${item.kind}-${item.id}`} className="row">
                <span className="badge">{t[item.kind]}</span>
                <Link className="row-title" to={placeOf(item)}>
                  {item.title}
                </Link>
                <span className="row-note">
                  {item.communityName} · {format.ago(item.createdAt)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  );
};
