import type { ScriptSummary, Workspace } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useDo, usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { SearchInput } from '../../ui/search-field.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import { Frame, OfWorkspace, workspaceAddress } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { NewScript } from './new-script.tsx';
import { WorkspaceSettings } from './workspace-settings.tsx';
import { ScriptTree } from './script-tree.tsx';
import { workspaceTexts } from './texts.ts';

const DeletedRows = ({ workspaceId, items }: { readonly workspaceId: string; readonly items: readonly ScriptSummary[] }) => {
  const t = useTexts(workspaceTexts);
  const format = useFormat();
  const restoration = useDo((scriptId: string) => call('restoreScript', { params: { workspaceId, scriptId } }));
  return (
    <>
      <Problem error={restoration.error} />
      <ul className="rows">
        {items.map(({ id, name, updatedAt }) => (
          <li key={id} className="row">
            <span className="row-title">{name}</span>
            <span className="row-note">{format.ago(updatedAt)}</span>
            <Button aria-label={`${t.restore}: ${name}`} isBusy={restoration.isPending} onClick={() => restoration.mutate(id)}>
              {t.restore}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
};

const Filters = () => {
  const t = useTexts(workspaceTexts);
  const [sought, setSought] = useSearch('q');
  const [state, setState] = useSearch('state');
  const [tag, setTag] = useSearch('tag');
  return (
    <div className="filters">
      <SearchInput label={t.search} value={sought} onSeek={setSought} />
      <select aria-label={t.state} value={state} onChange={(event) => setState(event.target.value)}>
        <option value="">{t.active}</option>
        <option value="deleted">{t.deleted}</option>
      </select>
      {tag === '' ? null : (
        <Button look="quiet" icon="cross" onClick={() => setTag('')}>
          {t.taggedWith(tag)}
        </Button>
      )}
    </div>
  );
};

const Scripts = ({ workspaceId, onNew }: { readonly workspaceId: string; readonly onNew: () => void }) => {
  const t = useTexts(workspaceTexts);
  const [[sought], [state], [tag]] = [useSearch('q'), useSearch('state'), useSearch('tag')];
  const isDeleted = state === 'deleted';
  const query = {
    sort: 'name' as const,
    ...(sought === '' ? {} : { q: sought }),
    ...(tag === '' ? {} : { tag }),
    ...(isDeleted ? { state: 'deleted' as const } : {}),
  };
  const pages = usePages(['listScripts', workspaceId, query], (cursor) =>
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
  const isWhole = sought === '' && tag === '' && !isDeleted;
  return (
    <PagedList pages={pages} empty={isWhole ? nothing : <p className="muted">{t.nothingFound}</p>}>
      {(items) =>
        isDeleted ? (
          <DeletedRows workspaceId={workspaceId} items={items} />
        ) : (
          <ScriptTree workspaceId={workspaceId} items={items} />
        )
      }
    </PagedList>
  );
};

const Contents = ({ workspace }: { readonly workspace: Workspace }) => {
  const t = useTexts(workspaceTexts);
  const [opened, setOpened] = useState<'script' | 'settings' | null>(null);
  const close = (): void => setOpened(null);
  const actions = (
    <>
      <Link className="button quiet" to={workspaceAddress(workspace.id, 'archive')}>
        {t.archive}
      </Link>
      <Button onClick={() => setOpened('settings')}>{t.settings}</Button>
      <Button look="main" icon="plus" onClick={() => setOpened('script')}>
        {t.newScript}
      </Button>
    </>
  );
  return (
    <Frame workspace={workspace} actions={actions}>
      <section aria-labelledby="scripts">
        <h2 id="scripts">{t.scripts}</h2>
        <Filters />
        <Scripts workspaceId={workspace.id} onNew={() => setOpened('script')} />
      </section>
      {opened === 'script' ? <NewScript workspaceId={workspace.id} onClose={close} /> : null}
      {opened === 'settings' ? <WorkspaceSettings workspace={workspace} onClose={close} /> : null}
    </Frame>
  );
};

/** One workspace, solo or shared, with its scripts. */
export const Screen = ({ params }: ScreenParts) => (
  <OfWorkspace workspaceId={params['workspaceId'] ?? ''}>{(data) => <Contents workspace={data} />}</OfWorkspace>
);
