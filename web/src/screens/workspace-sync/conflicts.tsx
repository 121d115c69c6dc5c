import { call } from '../../api/call.ts';
import { usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { PagedList } from '../../ui/states.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import { syncTexts } from './texts.ts';

/** The conflicts of a copy that wait to be resolved. */
export const Conflicts = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(syncTexts);
  const format = useFormat();
  const pages = usePages(['listSyncConflicts', workspaceId], (cursor) =>
    call('listSyncConflicts', { params: { workspaceId }, query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <section aria-labelledby="conflicts">
      <h2 id="conflicts">{t.conflicts}</h2>
      <PagedList pages={pages} empty={<p className="muted">{t.noConflicts}</p>}>
        {(items) => (
          <>
            <p className="muted">{t.both}</p>
            <ul className="rows">
              {items.map(({ id, name, reason, createdAt }) => (
                <li key={id} className="row">
                  <Link className="row-title" to={workspaceAddress(workspaceId, `conflicts/${id}`)}>
                    {name}
                  </Link>
                  <span className="badge warn">{t.reasons[reason]}</span>
                  <span className="row-note">{format.ago(createdAt)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </PagedList>
    </section>
  );
};
