import { call } from '../../api/call.ts';
import { ProblemError } from '../../api/problem.ts';
import { usePages } from '../../api/reading.ts';
import { sessionStatus } from '../../api/session.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { useInstallation } from '../../shell/installation.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import { DeletedWorkspaces } from './deleted-workspaces.tsx';
import './home.css';
import { Inbox } from './inbox.tsx';
import { NewWorkspace } from './new-workspace.tsx';
import { homeTexts } from './texts.ts';
import { WorkspaceList } from './workspace-list.tsx';

const SoloIsClosed = () => {
  const t = useTexts(homeTexts);
  return (
    <Notice>
      <p>{t.soloOff}</p>
      <Link className="button plain" to="/app/local">
        {t.soloOpen}
      </Link>
    </Notice>
  );
};

const Workspaces = ({ onNew }: { readonly onNew: () => void }) => {
  const t = useTexts(homeTexts);
  const [sought, setSought] = useSearch('q');
  const pages = usePages(['listWorkspaces'], (cursor) =>
    call('listWorkspaces', { query: cursor === undefined ? {} : { cursor } }),
  );
  const { error } = pages;
  const isClosed = error instanceof ProblemError && (error.code === 'FORBIDDEN' || error.code === 'UNAUTHENTICATED');
  if (isClosed) return <SoloIsClosed />;
  const nothing = (
    <Empty title={t.noWorkspaces}>
      <p>{t.noWorkspacesText}</p>
      <Button look="main" icon="plus" onClick={onNew}>
        {t.newWorkspace}
      </Button>
    </Empty>
  );
  return (
    <>
      <PagedList pages={pages} empty={nothing}>
        {(items) => <WorkspaceList items={items} hasMore={pages.hasNextPage} sought={sought} onSeek={setSought} />}
      </PagedList>
      <p>
        <Link className="button quiet" to="/app?state=deleted">
          {t.deleted}
        </Link>
      </p>
    </>
  );
};

const Welcome = () => {
  const t = useTexts(homeTexts);
  return (
    <section className="welcome">
      <div>
        <h2>{t.welcome}</h2>
        <p>{t.welcomeText}</p>
      </div>
      <Link className="button plain" to="/app/installation">
        {t.connect}
      </Link>
    </section>
  );
};

/** The home page: what waits for the person, and every workspace they have: solo and shared together. */
export const Screen = () => {
  const t = useTexts(homeTexts);
  const [asked, setAsked] = useSearch('new');
  const [state] = useSearch('state');
  const setNew = (isNew: boolean): void => setAsked(isNew ? 'workspace' : '');
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const installation = useInstallation();
  return (
    <Page
      title={t.title}
      actions={
        <Button look="main" icon="plus" onClick={() => setNew(true)}>
          {t.newWorkspace}
        </Button>
      }
    >
      {installation.data?.state === 'not_configured' ? <Welcome /> : null}
      {isSignedIn ? <Inbox /> : null}
      <section aria-labelledby="workspaces">
        <h2 id="workspaces">{state === 'deleted' ? t.deleted : t.workspaces}</h2>
        {state === 'deleted' ? <DeletedWorkspaces /> : <Workspaces onNew={() => setNew(true)} />}
      </section>
      {asked === 'workspace' ? <NewWorkspace onClose={() => setNew(false)} /> : null}
    </Page>
  );
};
