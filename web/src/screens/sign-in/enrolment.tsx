import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { hasPasskeys } from '../../api/passkeys.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { beginSession, sessionKind } from '../../api/session.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { submitting, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Loading } from '../../ui/states.tsx';
import { SecretAndCodes } from './secret-and-codes.tsx';
import { enrolPasskey } from './steps.ts';
import { signInTexts } from './texts.ts';

/** Adds a passkey in place of an authenticator. */
const PasskeyEnrolment = ({ challengeToken }: { readonly challengeToken: string }) => {
  const t = useTexts(signInTexts);
  const [name, setName] = useState('');
  const making = useDo(() => enrolPasskey(challengeToken, name));
  return (
    <form className="stack" onSubmit={submitting(() => making.mutate(undefined))}>
      <h3>{t.enrolPasskey}</h3>
      <Problem error={making.error} />
      {making.data === false ? <Notice look="warn">{t.passkeyNotMade}</Notice> : null}
      <TextField label={t.passkeyName} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} required />
      <div>
        <Button type="submit" isBusy={making.isPending}>
          {t.makePasskey}
        </Button>
      </div>
    </form>
  );
};

/** Adds the second factor that an account must have, within its sign-in. */
export const Enrolment = ({ challengeToken }: { readonly challengeToken: string }) => {
  const t = useTexts(signInTexts);
  const [code, setCode] = useState('');
  const [recoveryCode, setRecoveryCode] = useState('');
  const enrolment = useQuery({
    queryKey: ['enrolAtLogIn', challengeToken],
    queryFn: () => call('enrolAtLogIn', { body: { challengeToken } }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const confirmation = useDo(async () => {
    const body = { challengeToken, code: code.trim(), recoveryCode: recoveryCode.trim(), session: sessionKind() };
    beginSession(await call('confirmAtLogIn', { body }));
  });
  const takesPasskeys = useRead('getAuthMethods', {}).data?.methods.includes('passkey') === true && hasPasskeys();
  if (enrolment.error !== null) return <Problem error={enrolment.error} />;
  if (enrolment.data === undefined) return <Loading />;
  return (
    <div className="stack">
      <form className="stack" onSubmit={submitting(() => confirmation.mutate(undefined))}>
        <h2>{t.enrol}</h2>
        <SecretAndCodes
          enrolment={enrolment.data}
          code={code}
          onCode={setCode}
          recoveryCode={recoveryCode}
          onRecoveryCode={setRecoveryCode}
        />
        <Problem error={confirmation.error} />
        <div>
          <Button type="submit" look="main" isBusy={confirmation.isPending}>
            {t.confirm}
          </Button>
        </div>
      </form>
      {takesPasskeys ? <PasskeyEnrolment challengeToken={challengeToken} /> : null}
    </div>
  );
};
