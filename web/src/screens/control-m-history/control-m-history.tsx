import type { ControlMFolder, ControlMFolderVersionSummary } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useDo, usePages, useRead } from '../../api/reading.ts';
import '../../control-m/control-m.css';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { navigate, useSearch } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, PagedList, Shown } from '../../ui/states.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { Differences } from './differences.tsx';
import { folderHistoryTexts } from './texts.ts';

const addressOf = ({ workspaceId, id }: ControlMFolder): string => workspaceAddress(workspaceId, `control-m/folders/${id}`);
const paramsOf = ({ workspaceId, id }: ControlMFolder) => ({ workspaceId, folderId: id });

interface VersionParts {
  readonly folder: ControlMFolder;
  readonly saved: ControlMFolderVersionSummary;
}

const Version = ({ folder, saved: { version, note, restoredFrom, createdByName, createdAt } }: VersionParts) => {
  const t = useTexts(folderHistoryTexts);
  const format = useFormat();
  const address = `${addressOf(folder)}/history`;
  const isCurrent = version === folder.version;
  return (
    <li className="row">
      <span className="row-title">{t.version(version)}</span>
      {isCurrent ? <span className="badge info">{t.current}</span> : null}
      {restoredFrom === null ? null : <span className="badge">{t.restoredFrom(restoredFrom)}</span>}
      <span>{note}</span>
      <span className="row-note" title={format.exact(createdAt)}>
        {createdByName === '' ? t.you : createdByName} · {format.ago(createdAt)}
      </span>
      <span className="buttons">
        {version === 1 ? null : (
          <Link className="button quiet" to={`${address}?from=${version - 1}&to=${version}`}>
            {t.compareBefore(version - 1)}
          </Link>
        )}
        {isCurrent ? null : (
          <Link className="button quiet" to={`${address}?from=${version}&to=${folder.version}`}>
            {t.compareCurrent}
          </Link>
        )}
      </span>
    </li>
  );
};

/** Saves an earlier version again, as the next one. The comparison above shows what that takes back. */
const Restore = ({ folder, version }: { readonly folder: ControlMFolder; readonly version: number }) => {
  const t = useTexts(folderHistoryTexts);
  const restoration = useDo(
    () => call('restoreControlMFolderVersion', { params: { ...paramsOf(folder), version }, version: folder.version }),
    () => navigate(addressOf(folder)),
  );
  return (
    <div className="stack">
      <Problem error={restoration.error} />
      <div className="buttons">
        <Button isBusy={restoration.isPending} onClick={() => restoration.mutate(undefined)}>
          {t.restore(version)}
        </Button>
        <span className="muted">{t.restoreHint(folder.version + 1)}</span>
      </div>
    </div>
  );
};

interface ComparisonParts {
  readonly folder: ControlMFolder;
  readonly from: number;
  readonly to: number;
}

const Comparison = ({ folder, from, to }: ComparisonParts) => {
  const t = useTexts(folderHistoryTexts);
  const request = { params: paramsOf(folder), query: { from, to } };
  const byJob = useRead('compareControlMFolderVersionsByJob', request);
  const byLine = useRead('compareControlMFolderVersions', request);
  const older = Math.min(from, to);
  return (
    <section aria-labelledby="comparison">
      <h2 id="comparison">{t.comparison(from, to)}</h2>
      <h3>{t.byJob}</h3>
      <Shown read={byJob}>{({ differences }) => <Differences differences={differences} />}</Shown>
      <h3>{t.byLine}</h3>
      <Shown read={byLine}>{({ diff }) => <Diff diff={diff} />}</Shown>
      {older === folder.version ? null : <Restore folder={folder} version={older} />}
    </section>
  );
};

const History = ({ folder }: { readonly folder: ControlMFolder }) => {
  const t = useTexts(folderHistoryTexts);
  const [[from], [to]] = [useSearch('from'), useSearch('to')];
  const pages = usePages(['listControlMFolderVersions', folder.id], (cursor) =>
    call('listControlMFolderVersions', { params: paramsOf(folder), query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <Page title={t.title(folder.name)} trail={<Link to={addressOf(folder)}>{folder.name}</Link>}>
      {from === '' || to === '' ? null : <Comparison folder={folder} from={Number(from)} to={Number(to)} />}
      <section aria-labelledby="versions">
        <h2 id="versions">{t.versions}</h2>
        <PagedList pages={pages} empty={<Empty title={t.none} />}>
          {(items) => (
            <ol className="rows">
              {items.map((saved) => (
                <Version key={saved.version} folder={folder} saved={saved} />
              ))}
            </ol>
          )}
        </PagedList>
      </section>
    </Page>
  );
};

/** Every version of a folder; any two compared job by job and line by line, and any one restored. */
export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', folderId = '' } = params;
  const folder = useRead('getControlMFolder', { params: { workspaceId, folderId } });
  return <Shown read={folder}>{(data) => <History folder={data} />}</Shown>;
};
