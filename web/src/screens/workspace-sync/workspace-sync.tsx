import type { WorkspaceSync } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { localToken } from '../../api/local-token.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Empty, Loading } from '../../ui/states.tsx';
import { useHasCopy } from '../../workspace/copies.ts';
import { ToCopy } from '../../workspace/copy-notice.tsx';
import { Frame, OfWorkspace } from '../../workspace/frame.tsx';
import type { ScreenParts } from '../screens.ts';
import { Conflicts } from './conflicts.tsx';
import { SyncRows } from './sync-rows.tsx';
import { syncTexts } from './texts.ts';

/** Offers a copy where none is here. */
const Clone = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(syncTexts);
  const cloning = useDo(() => call('cloneWorkspace', { params: { workspaceId } }));
  return (
    <Empty title={t.offline}>
      <p>{t.offlineText}</p>
      <Problem error={cloning.error} />
      <Button look="main" isBusy={cloning.isPending} onClick={() => cloning.mutate(undefined)}>
        {t.clone}
      </Button>
    </Empty>
  );
};

const NoToken = () => {
  const t = useTexts(syncTexts);
  return (
    <Notice>
      <p>{t.noToken}</p>
      <Link className="button plain" to="/app/local">
        {t.toToken}
      </Link>
    </Notice>
  );
};

interface DoneParts {
  readonly workspaceId: string;
  readonly sync: WorkspaceSync;
}

/** A synchronisation that was done, and the way back from it. */
const Done = ({ workspaceId, sync }: DoneParts) => {
  const t = useTexts(syncTexts);
  const undoing = useDo((syncId: string) => call('undoWorkspaceSync', { params: { workspaceId, syncId } }));
  const shown = undoing.data ?? sync;
  const { id, state } = shown;
  return (
    <section aria-labelledby="done">
      <h2 id="done">{t.done}</h2>
      {state === 'undone' ? <Notice>{t.undone}</Notice> : null}
      <SyncRows sync={shown} workspaceId={workspaceId} />
      <Problem error={undoing.error} />
      {id === null || state === 'undone' || shown.rows.length === 0 ? null : (
        <div>
          <Button isBusy={undoing.isPending} onClick={() => undoing.mutate(id)}>
            {t.undo}
          </Button>
        </div>
      )}
    </section>
  );
};

/** The last synchronisation of this page: its id stands in the address. */
const useLast = (workspaceId: string) => {
  const [syncId, setSyncId] = useSearch('sync');
  const read = useRead('getWorkspaceSync', { params: { workspaceId, syncId } }, { isOn: syncId !== '' });
  return { last: read.data, keep: (sync: WorkspaceSync) => setSyncId(sync.id ?? '') };
};

const Sync = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(syncTexts);
  const { last, keep } = useLast(workspaceId);
  const planning = useDo(() => call('syncWorkspace', { params: { workspaceId }, query: { dryRun: 'true' } }));
  const syncing = useDo(
    () => call('syncWorkspace', { params: { workspaceId }, query: { dryRun: 'false' } }),
    (sync) => {
      planning.reset();
      keep(sync);
    },
  );
  return (
    <>
      <div className="buttons">
        <Button isBusy={planning.isPending} onClick={() => planning.mutate(undefined)}>
          {t.plan}
        </Button>
        <Button look="main" isBusy={syncing.isPending} onClick={() => syncing.mutate(undefined)}>
          {last?.state === 'running' ? t.goOn : t.sync}
        </Button>
        <ToCopy workspaceId={workspaceId} />
      </div>
      <Problem error={planning.error ?? syncing.error} />
      {planning.data === undefined ? null : (
        <section aria-labelledby="plan">
          <h2 id="plan">{t.planned}</h2>
          <SyncRows sync={planning.data} workspaceId={workspaceId} />
        </section>
      )}
      {last === undefined ? null : <Done key={last.id} workspaceId={workspaceId} sync={last} />}
      <Conflicts workspaceId={workspaceId} />
    </>
  );
};

const Contents = ({ workspaceId }: { readonly workspaceId: string }) => {
  const isLocal = useStore(localToken) !== null;
  const hasCopy = useHasCopy(workspaceId);
  if (!isLocal) return <NoToken />;
  if (hasCopy === undefined) return <Loading />;
  return hasCopy ? <Sync workspaceId={workspaceId} /> : <Clone workspaceId={workspaceId} />;
};

/** The copy of a shared workspace on this machine: made, synchronised, taken back. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(syncTexts);
  const { workspaceId = '' } = params;
  return (
    <OfWorkspace workspaceId={workspaceId}>
      {(workspace) => (
        <Frame workspace={workspace}>
          <section aria-label={t.title}>
            <Contents workspaceId={workspaceId} />
          </section>
        </Frame>
      )}
    </OfWorkspace>
  );
};
