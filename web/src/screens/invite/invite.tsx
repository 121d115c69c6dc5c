import type { InviteView } from '@guildhall/contracts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { defineTexts, useTexts } from '../../i18n/texts.ts';
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

const Answer = ({ invite, token }: { readonly invite: InviteView; readonly token: string }) => {
  const t = useTexts(texts);
  const format = useFormat();
  const acceptance = useDo(
    () => call('acceptInvite', { body: { token } }),
    ({ id }) => navigate(`/app/communities/${id}`, { replace: true }),
  );
  const refusal = useDo(
    () => call('declineInvite', { body: { token } }),
    () => navigate('/app', { replace: true }),
  );
  if (invite.status !== 'open' && !invite.isMember) return <Notice look="warn">{t.over}</Notice>;
  if (invite.isMember)
    return (
      <Notice>
        <p>{t.member}</p>
        <Link className="button plain" to={`/app/communities/${invite.communityId}`}>
          {t.open}
        </Link>
      </Notice>
    );
  return (
    <div className="panel stack">
      <h2>{t.invites(invite.createdByName === '' ? t.someone : invite.createdByName, invite.communityName)}</h2>
      <dl className="facts">
        <dt>{t.as}</dt>
        <dd>{invite.ownRole?.name ?? invite.role}</dd>
        <dt>{t.until}</dt>
        <dd>{format.time(invite.expiresAt)}</dd>
      </dl>
      <Problem error={acceptance.error ?? refusal.error} />
      <div className="buttons">
        <Button look="main" isBusy={acceptance.isPending} onClick={() => acceptance.mutate(undefined)}>
          {t.accept}
        </Button>
        <Button look="quiet" isBusy={refusal.isPending} onClick={() => refusal.mutate(undefined)}>
          {t.decline}
        </Button>
      </div>
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
      <Shown read={look}>{(invite) => <Answer invite={invite} token={token} />}</Shown>
    </Page>
  );
};
