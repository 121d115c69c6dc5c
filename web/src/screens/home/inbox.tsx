import type { InboxItem } from '@guildhall/contracts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Shown } from '../../ui/states.tsx';
import { homeTexts } from './texts.ts';

const placeOf = ({ kind, communityId }: InboxItem): string =>
  kind === 'invite' ? '/app/communities' : `/app/communities/${communityId}`;

/** The things that wait for the person, in all their communities. */
export const Inbox = () => {
  const t = useTexts(homeTexts);
  const format = useFormat();
  const inbox = useRead('listInbox', { query: { limit: 10 } });
  return (
    <section aria-labelledby="inbox">
      <h2 id="inbox">{t.waits}</h2>
      <Shown read={inbox}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t.nothingWaits}</p>
          ) : (
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
          )
        }
      </Shown>
    </section>
  );
};
