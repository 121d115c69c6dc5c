import { useState, type FormEvent } from 'react';
import { call } from '../../api/call.ts';
import { keepPending, type Pending } from '../../api/pending.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { logIn, logInByCode, type SecondStep as Step } from './steps.ts';
import { signInTexts } from './texts.ts';

interface FormParts {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly onSecondStep: (step: Step | null) => void;
  readonly onOtherWay: () => void;
}

const EmailField = ({ email, onEmail, error }: Pick<FormParts, 'email' | 'onEmail'> & { readonly error: unknown }) => {
  const t = useTexts(signInTexts);
  return (
    <TextField
      label={t.email}
      type="email"
      value={email}
      fault={faultOf(error, 'email')}
      onChange={(event) => onEmail(event.target.value)}
      autoComplete="username"
      autoFocus
      required
    />
  );
};

export const PasswordForm = ({ email, onEmail, onSecondStep, onOtherWay }: FormParts) => {
  const t = useTexts(signInTexts);
  const [password, setPassword] = useState('');
  const methods = useRead('getAuthMethods', {});
  const attempt = useDo(() => logIn(email.trim(), password), onSecondStep);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    attempt.mutate(undefined);
  };
  return (
    <form className="stack" onSubmit={onSubmit}>
      <Problem error={attempt.error} />
      <EmailField email={email} onEmail={onEmail} error={attempt.error} />
      <TextField
        label={t.password}
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="current-password"
        required
      />
      <div className="buttons">
        <Button type="submit" look="main" isBusy={attempt.isPending}>
          {t.signIn}
        </Button>
        {methods.data?.methods.includes('otp') === true ? (
          <Button look="quiet" onClick={onOtherWay}>
            {t.byCode}
          </Button>
        ) : null}
        <Link to="/app/reset" className="button quiet">
          {t.reset}
        </Link>
      </div>
    </form>
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
  const attempt = useDo(async (asked: Pending) => {
    const step = await logInByCode({ ...asked, code: code.trim() }, 'otp');
    keepPending('otp', null);
    return step;
  }, onSecondStep);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (pending === null) asking.mutate(undefined);
    else attempt.mutate(pending);
  };
  return (
    <form className="stack" onSubmit={onSubmit}>
      <Problem error={asking.error ?? attempt.error} />
      {pending === null ? (
        <EmailField email={email} onEmail={onEmail} error={asking.error} />
      ) : (
        <>
          <Notice>{t.codeSent(pending.email)}</Notice>
          <TextField
            label={t.code}
            hint={t.codeHint}
            value={code}
            onChange={(event) => setCode(event.target.value)}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            required
          />
        </>
      )}
      <div className="buttons">
        <Button type="submit" look="main" isBusy={asking.isPending || attempt.isPending}>
          {pending === null ? t.sendCode : t.signIn}
        </Button>
        <Button look="quiet" onClick={onOtherWay}>
          {t.byPassword}
        </Button>
      </div>
    </form>
  );
};
