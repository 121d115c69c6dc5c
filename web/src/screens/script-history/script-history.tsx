import type { Script, ScriptVersionSummary } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { usePages, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { Diff } from '../../ui/diff.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, PagedList, Shown } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { RestoreVersion } from './restore-version.tsx';
import { historyTexts } from './texts.ts';

interface VersionsParts {
  readonly items: readonly ScriptVersionSummary[];
  readonly current: number;
  readonly address: string;
}

const Versions = ({ items, current, address }: VersionsParts) => {
  const t = useTexts(historyTexts);
  const format = useFormat();
  return (
    <ol className="rows">
      {items.map(({ version, note, restoredFrom, createdByName, createdAt }) => (
        <li key={version} className="row">
          <span className="row-title">{t.version(version)}</span>
          {version === current ? <span className="badge info">{t.current}</span> : null}
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
            {version === current ? null : (
              <Link className="button quiet" to={`${address}?from=${version}&to=${current}`}>
                {t.compareCurrent}
              </Link>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
};

const Comparison = ({ script, from, to }: { readonly script: Script; readonly from: number; readonly to: number }) => {
  const t = useTexts(historyTexts);
  const params = { workspaceId: script.workspaceId, scriptId: script.id };
  const comparison = useRead('compareScriptVersions', { params, query: { from, to } });
  const older = Math.min(from, to);
  return (
    <section aria-labelledby="comparison">
      <h2 id="comparison">{t.comparison(from, to)}</h2>
      <Shown read={comparison}>{({ diff }) => <Diff diff={diff} />}</Shown>
      {older === script.version ? null : <RestoreVersion script={script} version={older} />}
    </section>
  );
};

const History = ({ script, address }: { readonly script: Script; readonly address: string }) => {
  const t = useTexts(historyTexts);
  const [from] = useSearch('from');
  const [to] = useSearch('to');
  const params = { workspaceId: script.workspaceId, scriptId: script.id };
  const pages = usePages(['listScriptVersions', script.id], (cursor) =>
    call('listScriptVersions', { params, query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <Page title={t.title(script.name)} trail={<Link to={address.replace('/history', '')}>{script.name}</Link>}>
      {from === '' || to === '' ? null : <Comparison script={script} from={Number(from)} to={Number(to)} />}
      <section aria-labelledby="versions">
        <h2 id="versions">{t.versions}</h2>
        <PagedList pages={pages} empty={<Empty title={t.none} />}>
          {(items) => <Versions items={items} current={script.version} address={address} />}
        </PagedList>
      </section>
    </Page>
  );
};

/** Every version of a script; any two compared, and any one restored after a look at what that changes. */
export const Screen = ({ params }: ScreenParts) => {
  const { workspaceId = '', scriptId = '' } = params;
  const script = useRead('getScript', { params: { workspaceId, scriptId } });
  return (
    <Shown read={script}>
      {(data) => <History script={data} address={`/app/workspaces/${workspaceId}/scripts/${scriptId}/history`} />}
    </Shown>
  );
};
