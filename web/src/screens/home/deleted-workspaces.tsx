import type { Workspace } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useDo, usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Rows } from '../../kit/noun-list.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import { homeTexts } from './texts.ts';

const state = 'deleted';

/** The deleted workspaces that the person may bring back. */
export const DeletedWorkspaces = () => {
  const t = useTexts(homeTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const pages = usePages(['listWorkspaces', state], (cursor) =>
    call('listWorkspaces', { query: { state, ...(cursor === undefined ? {} : { cursor }) } }),
  );
  const restoration = useDo(({ id: workspaceId }: Workspace) => call('restoreWorkspace', { params: { workspaceId } }));
  const rowOf = (workspace: Workspace) => ({
    id: workspace.id,
    title: workspace.name,
    text: workspace.description,
    badges: [{ text: workspace.mode === 'solo' ? t.solo : t.shared }],
    note: t.changed(format.ago(workspace.updatedAt)),
    actions: (
      <Button look="quiet" aria-label={k.restoreOne(workspace.name)} onClick={() => restoration.mutate(workspace)}>
        {k.restore}
      </Button>
    ),
  });
  return (
    <>
      <Problem error={restoration.error} />
      <PagedList pages={pages} empty={<Empty title={t.noDeleted} />}>
        {(items) => <Rows rows={items.map(rowOf)} />}
      </PagedList>
      <p>
        <Link className="button quiet" to="/app">
          {t.toWorkspaces}
        </Link>
      </p>
    </>
  );
};
