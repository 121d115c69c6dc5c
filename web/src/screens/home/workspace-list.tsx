import type { Workspace } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useRead, useWhole } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { SearchInput } from '../../ui/search-field.tsx';
import { Loading } from '../../ui/states.tsx';
import { useOwnWorkspaces } from '../../workspace/copies.ts';
import { homeTexts } from './texts.ts';

const searchFrom = 8;

/** Says that a copy is on this machine, and whether conflicts wait in it. */
const CopyState = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(homeTexts);
  const conflicts = useRead('listSyncConflicts', { params: { workspaceId }, query: { limit: 100 } });
  const count = conflicts.data?.items.length ?? 0;
  return (
    <>
      <span className="badge">{t.copyHere}</span>
      {count === 0 ? null : <span className="badge warn">{t.conflicts(count)}</span>}
    </>
  );
};

interface WorkspaceListParts {
  /** The workspaces that were read so far. */
  readonly items: readonly Workspace[];
  readonly hasMore: boolean;
  readonly sought: string;
  readonly onSeek: (text: string) => void;
}

/** The workspaces with a text in their names: among all, not among those that were read so far. */
const useSought = ({ items, hasMore, sought }: Omit<WorkspaceListParts, 'onSeek'>) => {
  const whole = useWhole(['listWorkspaces'], (page) => call('listWorkspaces', { query: page }), hasMore && sought !== '');
  const all = sought === '' || !hasMore ? items : whole.data;
  return all?.filter(({ name }) => name.toLowerCase().includes(sought.toLowerCase()));
};

const Card = ({ workspace: { id, name, description, mode, updatedAt } }: { readonly workspace: Workspace }) => {
  const t = useTexts(homeTexts);
  const format = useFormat();
  const own = useOwnWorkspaces();
  return (
    <li className="card">
      <Link className="card-title" to={`/app/workspaces/${id}`}>
        {name}
      </Link>
      {description === '' ? null : <p className="card-text">{description}</p>}
      <p className="card-foot">
        <span className={`badge ${mode}`}>{mode === 'solo' ? t.solo : t.shared}</span>
        {mode === 'shared' && own.data?.has(id) === true ? <CopyState workspaceId={id} /> : null}
        <span title={format.exact(updatedAt)}>{t.changed(format.ago(updatedAt))}</span>
      </p>
    </li>
  );
};

/** Workspaces as cards, each saying where it lies. */
export const WorkspaceList = ({ items, hasMore, sought, onSeek }: WorkspaceListParts) => {
  const t = useTexts(homeTexts);
  const found = useSought({ items, hasMore, sought });
  return (
    <>
      {items.length < searchFrom && sought === '' ? null : (
        <SearchInput className="search" label={t.search} value={sought} onSeek={onSeek} />
      )}
      {found === undefined ? <Loading /> : null}
      {found?.length === 0 ? <p className="muted">{t.nothingFound}</p> : null}
      <ul className="cards">
        {found?.map((workspace) => (
          <Card key={workspace.id} workspace={workspace} />
        ))}
      </ul>
    </>
  );
};
