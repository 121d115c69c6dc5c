import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { Pending } from '../../api/pending.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { keepSetupToken } from '../../api/setup-token.ts';
import { useTexts } from '../../i18n/texts.ts';
import { CodeField } from '../../kit/account-fields.tsx';
import { RequestForm } from '../../kit/request-form.tsx';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { logIn } from '../sign-in/steps.ts';
import { signUpTexts } from './texts.ts';

interface ConfirmFormParts {
  readonly pending: Pending;
  /** Empty after a reload: then the account signs in by itself. */
  readonly password: string;
  readonly onPending: (pending: Pending | null) => void;
}

const confirm = async ({ email, codeToken }: Pending, code: string, password: string): Promise<string> => {
  await call('verifyCode', { body: { email, purpose: 'verify_email', codeToken, code: code.trim() } });
  keepSetupToken(null);
  if (password === '') return '/app/sign-in';
  return (await logIn(email, password)) === null ? '/app' : '/app/sign-in';
};

export const ConfirmForm = ({ pending, password, onPending }: ConfirmFormParts) => {
  const t = useTexts(signUpTexts);
  const [code, setCode] = useState('');
  const methods = useRead('getAuthMethods', {});
  const confirmation = useDo(
    () => confirm(pending, code, password),
    (next) => {
      onPending(null);
      navigate(next, { replace: true });
    },
  );
  const again = useDo(async () => {
    const { codeToken } = await call('sendCode', { body: { ...pending, purpose: 'verify_email' } });
    onPending({ email: pending.email, codeToken });
  });
  const others = (
    <>
      <Button look="quiet" isBusy={again.isPending} onClick={() => again.mutate(undefined)}>
        {t.again}
      </Button>
      <Button look="quiet" onClick={() => onPending(null)}>
        {t.other}
      </Button>
    </>
  );
  return (
    <RequestForm request={confirmation} action={t.confirm} otherError={again.error} more={others}>
      <Notice>
        <p>{t.sent(pending.email)}</p>
        {methods.data?.hasMailServer === false ? <p className="muted">{t.noMail}</p> : null}
        {methods.data?.isMailWorking === false ? <p className="muted">{t.mailLate}</p> : null}
      </Notice>
      <CodeField label={t.code} value={code} onText={setCode} autoFocus />
    </RequestForm>
  );
};
