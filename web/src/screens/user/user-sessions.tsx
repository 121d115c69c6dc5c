import { call } from '../../api/call.ts';
import { usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Rows } from '../../kit/noun-list.tsx';
import { PagedList } from '../../ui/states.tsx';
import { userTexts } from './texts.ts';

/** The devices that the account is signed in on. */
export const UserSessions = ({ userId }: { readonly userId: string }) => {
  const t = useTexts(userTexts);
  const format = useFormat();
  const pages = usePages(['listUserSessions', userId], (cursor) =>
    call('listUserSessions', { params: { userId }, query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{t.sessions}</h2>
      <PagedList pages={pages} empty={<p className="muted">{t.noSessions}</p>}>
        {(items) => (
          <Rows
            rows={items.map(({ id, deviceLabel, ipAddress, lastUsedAt }) => ({
              id,
              title: deviceLabel,
              note: `${ipAddress} · ${t.lastUsed(format.ago(lastUsedAt))}`,
            }))}
          />
        )}
      </PagedList>
    </section>
  );
};
