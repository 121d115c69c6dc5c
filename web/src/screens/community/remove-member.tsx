import type { Member } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/notice.tsx';
import { communityTexts } from './texts.ts';

interface RemoveMemberParts {
  readonly communityId: string;
  readonly member: Member;
  /** Whether the person leaves. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

/** Removes a member after a word on what that means. */
export const RemoveMember = ({ communityId, member, isOwn, onClose }: RemoveMemberParts) => {
  const t = useTexts(communityTexts);
  const removal = useDo(
    () => call('removeMember', { params: { communityId, userId: member.userId } }),
    () => {
      onClose();
      if (isOwn) navigate('/app/communities');
    },
  );
  return (
    <Dialog title={isOwn ? t.leave : t.removeOne(member.displayName)} onClose={onClose}>
      <div className="stack">
        <p>{isOwn ? t.leaveText : t.removeText(member.displayName)}</p>
        <Problem error={removal.error} />
        <div className="buttons">
          <Button look="danger" isBusy={removal.isPending} onClick={() => removal.mutate(undefined)}>
            {isOwn ? t.leave : t.remove}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t.cancel}
          </Button>
        </div>
      </div>
    </Dialog>
  );
};
