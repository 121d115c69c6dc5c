import type { InviteView } from '@guildhall/contracts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
import { Facts } from '../../kit/facts.tsx';
import { Link } from '../../router/link.tsx';
import { navigate } from '../../router/router.ts';
import { useLinkSecret } from '../../router/secret.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';

const texts = defineTexts(
  {
    title: 'An invite',
    invites: (who: string, name: string) => `${who} invites you to ${name}`,
    someone: 'Somebody',
    as: 'As',
    until: 'Until',
    accept: 'Accept',
    decline: 'Decline',
    member: 'You belong to this community already.',
    open: 'Open it',
    over: 'This invite was used, taken back or has expired. Ask for another.',
  },
  {
    title: '邀请',
    invites: (who, name) => `${who} 邀请您加入 ${name}`,
    someone: '有人',
    as: '角色',
    until: '有效期至',
    accept: '接受',
    decline: '拒绝',
    member: '您已是该社区成员。',
    open: '打开',
    over: '此邀请已使用、被撤回或已过期,请重新索取。',
  },
);

interface InvitedParts {
  readonly invite: InviteView;
  readonly token: string;
}

const AlreadyMember = ({ communityId }: Pick<InviteView, 'communityId'>) => {
  const t = useTexts(texts);
  return (
    <Notice>
      <p>{t.member}</p>
      <Link className="button plain" to={`/app/communities/${communityId}`}>
        {t.open}
      </Link>
    </Notice>
  );
};

/** The two answers to an invite. */
const Decision = ({ token }: Pick<InvitedParts, 'token'>) => {
  const t = useTexts(texts);
  const acceptance = useDo(
    () => call('acceptInvite', { body: { token } }),
    ({ id }) => navigate(`/app/communities/${id}`, { replace: true }),
  );
  const refusal = useDo(
    () => call('declineInvite', { body: { token } }),
    () => navigate('/app', { replace: true }),
  );
  return (
    <>
      <Problem error={acceptance.error ?? refusal.error} />
      <div className="buttons">
        <Button look="main" isBusy={acceptance.isPending} onClick={() => acceptance.mutate(undefined)}>
          {t.accept}
        </Button>
        <Button look="quiet" isBusy={refusal.isPending} onClick={() => refusal.mutate(undefined)}>
          {t.decline}
        </Button>
      </div>
    </>
  );
};

const Invited = ({ invite, token }: InvitedParts) => {
  const t = useTexts(texts);
  const format = useFormat();
  if (invite.isMember) return <AlreadyMember communityId={invite.communityId} />;
  if (invite.status !== 'open') return <Notice look="warn">{t.over}</Notice>;
  return (
    <div className="panel stack">
      <h2>{t.invites(invite.createdByName === '' ? t.someone : invite.createdByName, invite.communityName)}</h2>
      <Facts
        facts={[
          [t.as, invite.ownRole?.name ?? invite.role],
          [t.until, format.time(invite.expiresAt)],
        ]}
      />
      <Decision token={token} />
    </div>
  );
};

/** Shows who invites, to what and as what, before the invite is accepted. */
export const Screen = () => {
  const t = useTexts(texts);
  const token = useLinkSecret();
  const look = useQuery({ queryKey: ['lookAtInvite', token], queryFn: () => call('lookAtInvite', { body: { token } }) });
  return (
    <Page title={t.title} width="narrow">
      <Shown read={look}>{(invite) => <Invited invite={invite} token={token} />}</Shown>
    </Page>
  );
};
