import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { communityTexts } from '../community/texts.ts';

/** The open invites to the address of the person; nothing where there are none. */
export const MyInvites = () => {
  const t = useTexts(communityTexts);
  const format = useFormat();
  const invites = useRead('listMyInvites', { query: { limit: 25 } });
  if (invites.data === undefined || invites.data.items.length === 0) return null;
  return (
    <section aria-labelledby="my-invites">
      <h2 id="my-invites">{t.myInvites}</h2>
      <ul className="rows">
        {invites.data.items.map(({ id, communityName, createdByName, token, expiresAt }) => (
          <li key={id} className="row">
            <Link className="row-title" to={`/app/invite#${token}`}>
              {communityName}
            </Link>
            <span className="muted">{createdByName}</span>
            <span className="row-note">{t.until(format.time(expiresAt))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
};
