import { useState, type FormEvent } from 'react';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { beginSession, sessionKind } from '../../api/session.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { Loading } from '../../ui/states.tsx';
import { useQuery } from '@tanstack/react-query';
import { SecretAndCodes } from './secret-and-codes.tsx';
import { signInTexts } from './texts.ts';

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
  if (enrolment.error !== null) return <Problem error={enrolment.error} />;
  if (enrolment.data === undefined) return <Loading />;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    confirmation.mutate(undefined);
  };
  return (
    <form className="stack" onSubmit={onSubmit}>
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
  );
};
