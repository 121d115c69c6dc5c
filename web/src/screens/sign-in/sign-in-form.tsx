import { useState } from 'react';
import { call } from '../../api/call.ts';
import { keepPending, type Pending } from '../../api/pending.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { CodeField, EmailField } from '../../kit/account-fields.tsx';
import { RequestForm } from '../../kit/request-form.tsx';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { logIn, logInByCode, type SecondStep as Step } from './steps.ts';
import { signInTexts } from './texts.ts';

interface FormParts {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly onSecondStep: (step: Step | null) => void;
  readonly onOtherWay: () => void;
}

const SignInEmail = ({ email, onEmail, error }: Pick<FormParts, 'email' | 'onEmail'> & { readonly error: unknown }) => {
  const t = useTexts(signInTexts);
  return <EmailField label={t.email} value={email} fault={faultOf(error, 'email')} onText={onEmail} autoFocus />;
};

export const PasswordForm = ({ email, onEmail, onSecondStep, onOtherWay }: FormParts) => {
  const t = useTexts(signInTexts);
  const [password, setPassword] = useState('');
  const methods = useRead('getAuthMethods', {});
  const attempt = useDo(() => logIn(email.trim(), password), onSecondStep);
  const otherWays = (
    <>
      {methods.data?.methods.includes('otp') === true ? (
        <Button look="quiet" onClick={onOtherWay}>
          {t.byCode}
        </Button>
      ) : null}
      <Link to="/app/reset" className="button quiet">
        {t.reset}
      </Link>
    </>
  );
  return (
    <RequestForm request={attempt} action={t.signIn} more={otherWays}>
      <SignInEmail email={email} onEmail={onEmail} error={attempt.error} />
      <TextField
        label={t.password}
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="current-password"
        required
      />
    </RequestForm>
  );
};

export const CodeForm = ({ email, onEmail, onSecondStep, onOtherWay }: FormParts) => {
  const t = useTexts(signInTexts);
  const [code, setCode] = useState('');
  const [pending, setPending] = useState<Pending | null>(null);
  const asking = useDo(async () => {
    const { codeToken } = await call('sendCode', { body: { email: email.trim(), purpose: 'otp' } });
    setPending({ email: email.trim(), codeToken });
  });
  const attempt = useDo(async () => {
    if (pending === null) return null;
    const step = await logInByCode({ ...pending, code: code.trim() }, 'otp');
    keepPending('otp', null);
    return step;
  }, onSecondStep);
  const byPassword = (
    <Button look="quiet" onClick={onOtherWay}>
      {t.byPassword}
    </Button>
  );
  if (pending === null)
    return (
      <RequestForm request={asking} action={t.sendCode} more={byPassword}>
        <SignInEmail email={email} onEmail={onEmail} error={asking.error} />
      </RequestForm>
    );
  return (
    <RequestForm request={attempt} action={t.signIn} more={byPassword}>
      <Notice>{t.codeSent(pending.email)}</Notice>
      <CodeField label={t.code} hint={t.codeHint} value={code} onText={setCode} autoFocus />
    </RequestForm>
  );
};
