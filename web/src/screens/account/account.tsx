import type { AnswerOf } from '../../api/call.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { callVersioned, type Versioned } from '../../api/versioned.ts';
import { useTexts } from '../../i18n/texts.ts';
import { NewPasswordField } from '../../kit/account-fields.tsx';
import { Overtaken } from '../../kit/overtaken.tsx';
import { RequestForm } from '../../kit/request-form.tsx';
import { useDraftOf } from '../../kit/use-draft.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { submitting, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { Address } from './address.tsx';
import { Connections } from './connections.tsx';
import { Leaving } from './leaving.tsx';
import { ownPasswordTexts } from './own-password-texts.ts';
import { Passkeys } from './passkeys.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';
import { accountTexts } from './texts.ts';
import { Tokens } from './tokens.tsx';

type OwnAccount = Versioned<AnswerOf<'getMe'>>;

const useRename = () =>
  useDo(({ version, displayName }: { readonly version: number; readonly displayName: string }) =>
    call('updateMe', { version, body: { displayName } }),
  );

const ProfileForm = ({ own, change }: { readonly own: OwnAccount; readonly change: ReturnType<typeof useRename> }) => {
  const t = useTexts(accountTexts);
  const form = useDraftOf(own, ({ body }) => ({ displayName: body.displayName }));
  const displayName = form.draft.displayName.trim();
  const { body, version } = form.base;
  return (
    <form className="stack panel" onSubmit={submitting(() => change.mutate({ version, displayName }))}>
      <h2>{t.profile}</h2>
      <Problem error={change.error} />
      <Overtaken {...form} label={() => t.name} />
      <TextField
        label={t.name}
        value={form.draft.displayName}
        fault={faultOf(change.error, 'displayName')}
        onChange={(event) => form.setDraft({ displayName: event.target.value })}
        autoComplete="name"
        required
      />
      <div>
        <Button type="submit" isBusy={change.isPending} disabled={displayName === body.displayName}>
          {t.save}
        </Button>
      </div>
    </form>
  );
};

/** The own name, saved over the version that is shown: one that was saved elsewhere meanwhile is not overwritten, and what was typed stays. */
const Profile = () => {
  const account = useQuery({ queryKey: ['getMe', 'with its version'], queryFn: () => callVersioned('getMe', {}) });
  const change = useRename();
  return <Shown read={account}>{(own) => <ProfileForm own={own} change={change} />}</Shown>;
};

const Password = () => {
  const t = useTexts(accountTexts);
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const change = useDo(
    () => call('changePassword', { body: { currentPassword, newPassword } }),
    () => {
      setCurrent('');
      setNew('');
    },
  );
  return (
    <section className="panel stack" aria-labelledby="password">
      <h2 id="password">{t.password}</h2>
      {change.isSuccess ? <Notice look="good">{t.changed}</Notice> : null}
      <RequestForm request={change} action={t.change}>
        <TextField
          label={t.current}
          type="password"
          value={currentPassword}
          onChange={(event) => setCurrent(event.target.value)}
          autoComplete="current-password"
          required
        />
        <NewPasswordField
          label={t.fresh}
          hint={t.freshHint}
          value={newPassword}
          fault={faultOf(change.error, 'newPassword')}
          onText={setNew}
        />
      </RequestForm>
    </section>
  );
};

/** An account that signs in elsewhere gets a password in the same way as one that has forgotten its own. */
const NoPassword = () => {
  const [t, own] = [useTexts(accountTexts), useTexts(ownPasswordTexts)];
  return (
    <section className="panel stack" aria-labelledby="password">
      <h2 id="password">{t.password}</h2>
      <p className="muted">{own.noPassword}</p>
      <div>
        <Link to="/app/reset" className="button plain">
          {own.setPassword}
        </Link>
      </div>
    </section>
  );
};

/** The own account: name, password, second factor, passkeys, connections, tokens, devices. */
export const Screen = () => {
  const t = useTexts(accountTexts);
  const me = useRead('getMe', {});
  return (
    <Page
      title={t.title}
      width="narrow"
      actions={
        <Link to="/app/account/trail" className="button plain">
          {t.toTrail}
        </Link>
      }
    >
      <Shown read={me}>{({ email }) => <Address email={email} />}</Shown>
      <Profile />
      <Shown read={me}>{({ waysIn }) => (waysIn.hasPassword ? <Password /> : <NoPassword />)}</Shown>
      <SecondFactor />
      <Passkeys />
      <Connections />
      <Tokens />
      <Sessions />
      <Leaving />
    </Page>
  );
};
