import type { Workspace } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { usePages, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, PagedList, Shown } from '../../ui/states.tsx';
import type { ScreenParts } from '../screens.ts';
import { NewScript } from './new-script.tsx';
import { WorkspaceSettings } from './workspace-settings.tsx';
import { workspaceTexts } from './texts.ts';

const Scripts = ({ workspaceId, onNew }: { readonly workspaceId: string; readonly onNew: () => void }) => {
  const t = useTexts(workspaceTexts);
  const format = useFormat();
  const [sought, setSought] = useSearch('q');
  const query = { sort: 'name' as const, ...(sought === '' ? {} : { q: sought }) };
  const pages = usePages(['listScripts', workspaceId, sought], (cursor) =>
    call('listScripts', { params: { workspaceId }, query: { ...query, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  const nothing = (
    <Empty title={t.noScripts}>
      <p>{t.noScriptsText}</p>
      <Button look="main" icon="plus" onClick={onNew}>
        {t.newScript}
      </Button>
    </Empty>
  );
  return (
    <>
      <input
        type="search"
        className="search"
        aria-label={t.search}
        placeholder={t.search}
        value={sought}
        onChange={(event) => setSought(event.target.value)}
      />
      <PagedList pages={pages} empty={sought === '' ? nothing : <p className="muted">{t.nothingFound}</p>}>
        {(items) => (
          <ul className="rows">
            {items.map(({ id, name, language, version, updatedAt }) => (
              <li key={id} className="row">
                <Icon name="script" />
                <Link className="row-title" to={`/app/workspaces/${workspaceId}/scripts/${id}`}>
                  {name}
                </Link>
                <span className="badge">{language}</span>
                <span className="row-note" title={format.exact(updatedAt)}>
                  {t.version(version)} · {format.ago(updatedAt)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
};

const Contents = ({ workspace }: { readonly workspace: Workspace }) => {
  const t = useTexts(workspaceTexts);
  const [opened, setOpened] = useState<'script' | 'settings' | null>(null);
  const close = (): void => setOpened(null);
  return (
    <Page
      title={workspace.name}
      trail={
        <>
          <Link to="/app">{t.home}</Link> / {workspace.mode === 'solo' ? t.solo : t.shared}
        </>
      }
      lead={workspace.description}
      actions={
        <>
          <Button onClick={() => setOpened('settings')}>{t.settings}</Button>
          <Button look="main" icon="plus" onClick={() => setOpened('script')}>
            {t.newScript}
          </Button>
        </>
      }
    >
      <section aria-labelledby="scripts">
        <h2 id="scripts">{t.scripts}</h2>
        <Scripts workspaceId={workspace.id} onNew={() => setOpened('script')} />
      </section>
      {opened === 'script' ? <NewScript workspaceId={workspace.id} onClose={close} /> : null}
      {opened === 'settings' ? <WorkspaceSettings workspace={workspace} onClose={close} /> : null}
    </Page>
  );
};

/** One workspace, solo or shared, with its scripts. */
export const Screen = ({ params }: ScreenParts) => {
  const workspace = useRead('getWorkspace', { params: { workspaceId: params['workspaceId'] ?? '' } });
  return <Shown read={workspace}>{(data) => <Contents workspace={data} />}</Shown>;
};
