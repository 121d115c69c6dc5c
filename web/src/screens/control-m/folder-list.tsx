import type { ControlMFolderSummary } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { usePages, useRead } from '../../api/reading.ts';
import { FindingCounts } from '../../control-m/findings.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { Icon } from '../../ui/icon.tsx';
import { SearchInput } from '../../ui/search-field.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import { RestoreFolder } from './restore-folder.tsx';
import { controlMTexts } from './texts.ts';

const Rows = ({ workspaceId, items }: { readonly workspaceId: string; readonly items: readonly ControlMFolderSummary[] }) => {
  const t = useTexts(controlMTexts);
  const format = useFormat();
  const check = useRead('checkControlM', { params: { workspaceId } });
  const findings = new Map(check.data?.folders.map((folder) => [folder.folderId, folder.findings]));
  return (
    <ul className="rows">
      {items.map(({ id, name, jobCount, version, updatedAt }) => (
        <li key={id} className="row">
          <Icon name="workspace" />
          <Link className="row-title" to={workspaceAddress(workspaceId, `control-m/folders/${id}`)}>
            {name}
          </Link>
          <span className="badge">{t.jobs(jobCount)}</span>
          <FindingCounts findings={findings.get(id) ?? []} />
          <span className="row-note" title={format.exact(updatedAt)}>
            {t.version(version)} · {format.ago(updatedAt)}
          </span>
        </li>
      ))}
    </ul>
  );
};

const DeletedRows = ({ items }: { readonly items: readonly ControlMFolderSummary[] }) => {
  const t = useTexts(controlMTexts);
  const format = useFormat();
  return (
    <ul className="rows">
      {items.map((folder) => (
        <li key={folder.id} className="row">
          <span className="row-title">{folder.name}</span>
          <span className="badge">{t.jobs(folder.jobCount)}</span>
          <span className="row-note">{format.ago(folder.updatedAt)}</span>
          <RestoreFolder folder={folder} />
        </li>
      ))}
    </ul>
  );
};

const Nothing = ({ isSought, isDeleted }: { readonly isSought: boolean; readonly isDeleted: boolean }) => {
  const t = useTexts(controlMTexts);
  if (isDeleted) return <p className="muted">{t.noneDeleted}</p>;
  if (isSought) return <p className="muted">{t.nothingFound}</p>;
  return (
    <Empty title={t.none}>
      <p>{t.noneText}</p>
    </Empty>
  );
};

/** The folders of a workspace with their findings, or the deleted ones. */
export const FolderList = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(controlMTexts);
  const [sought, setSought] = useSearch('q');
  const [state, setState] = useSearch('state');
  const isDeleted = state === 'deleted';
  const query = { ...(sought === '' ? {} : { q: sought }), ...(isDeleted ? { state: 'deleted' as const } : {}) };
  const pages = usePages(['listControlMFolders', workspaceId, query], (cursor) =>
    call('listControlMFolders', { params: { workspaceId }, query: { ...query, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  return (
    <>
      <div className="filters">
        <SearchInput label={t.search} value={sought} onSeek={setSought} />
        <select aria-label={t.state} value={state} onChange={(event) => setState(event.target.value)}>
          <option value="">{t.active}</option>
          <option value="deleted">{t.deleted}</option>
        </select>
      </div>
      <PagedList pages={pages} empty={<Nothing isSought={sought !== ''} isDeleted={isDeleted} />}>
        {(items) => (isDeleted ? <DeletedRows items={items} /> : <Rows workspaceId={workspaceId} items={items} />)}
      </PagedList>
    </>
  );
};
