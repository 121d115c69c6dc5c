import { call, type CallOf } from '../../api/call.ts';
import { createWorkspace } from '../../api/fields.ts';
import { useWhole } from '../../api/reading.ts';
import { sessionStatus } from '../../api/session.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { FormDialog } from '../../kit/form.tsx';
import { navigate } from '../../router/router.ts';
import { homeTexts } from './texts.ts';

/** A new workspace; without a community it lies on this machine. */
type NewBody = CallOf<'createWorkspace'>['body'] & { readonly communityId?: string };

const create = ({ communityId, ...body }: NewBody) =>
  communityId === undefined
    ? call('createWorkspace', { body })
    : call('createCommunityWorkspace', { params: { communityId }, body });

const fields = { ...createWorkspace, communityId: { kind: 'choice', isRequired: true } } as const;

const permission = 'workspace:create';

/** Asks for a name and a place, and opens the new workspace. A community is offered where the person may make one in it. */
export const NewWorkspace = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts(homeTexts);
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const communities = useWhole(
    ['listCommunities', permission],
    (page) => call('listCommunities', { query: { ...page, permission } }),
    isSignedIn,
  );
  const offered = communities.data?.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  return (
    <FormDialog
      title={t.newWorkspace}
      action={t.create}
      fields={fields}
      choices={{ communityId: [{ value: '', label: t.onThisMachine }, ...offered] }}
      run={create}
      onClose={onClose}
      onDone={({ id }) => navigate(`/app/workspaces/${id}`)}
    />
  );
};
