import type { Workspace } from '@guildhall/contracts';
import { queryClient } from '../api/reading.ts';
import { copiesAtWork, workOnCopy } from '../api/copies-at-work.ts';
import { sessionStatus } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { defineTexts, useTexts } from '../i18n/texts.ts';
import { Link } from '../router/link.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useHasCopy } from './copies.ts';

const texts = defineTexts(
  {
    onCopy: 'You work on the copy on this machine.',
    onCopyText: 'Nobody else sees it until you synchronise.',
    sync: 'Synchronise',
    toShared: 'Work on the shared one',
    toCopy: 'Work on the copy on this machine',
  },
  {
    onCopy: '您正在本机副本上工作。',
    onCopyText: '在同步之前,其他人看不到这些更改。',
    sync: '同步',
    toShared: '在共享工作区上工作',
    toCopy: '在本机副本上工作',
  },
);

const choose = (workspaceId: string, isCopy: boolean): void => {
  workOnCopy(workspaceId, isCopy);
  void queryClient.resetQueries();
};

/** Says that it is the copy that is shown, to somebody who is signed in, and leads back. */
export const CopyNotice = ({ workspace }: { readonly workspace: Workspace }) => {
  const t = useTexts(texts);
  const isAtWork = useStore(copiesAtWork).has(workspace.id);
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  if (!isAtWork || !isSignedIn) return null;
  return (
    <Notice title={t.onCopy}>
      <p>{t.onCopyText}</p>
      <div className="buttons">
        <Link className="button plain" to={`/app/workspaces/${workspace.id}/sync`}>
          {t.sync}
        </Link>
        <Button look="quiet" onClick={() => choose(workspace.id, false)}>
          {t.toShared}
        </Button>
      </div>
    </Notice>
  );
};

/** Changes from the shared workspace to its copy, where one is here. */
export const ToCopy = ({ workspaceId }: { readonly workspaceId: string }) => {
  const t = useTexts(texts);
  const isAtWork = useStore(copiesAtWork).has(workspaceId);
  if (useHasCopy(workspaceId) !== true || isAtWork) return null;
  return <Button onClick={() => choose(workspaceId, true)}>{t.toCopy}</Button>;
};
