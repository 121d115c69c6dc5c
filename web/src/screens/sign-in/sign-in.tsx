import { useEffect, useState } from 'react';
import { localToken } from '../../api/local-token.ts';
import { useRead } from '../../api/reading.ts';
import { sessionStatus } from '../../api/session.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { navigate, usePlace } from '../../router/router.ts';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SecondStep } from './second-step.tsx';
import { CodeForm, PasswordForm } from './sign-in-form.tsx';
import './sign-in.css';
import type { SecondStep as Step } from './steps.ts';
import { OtherWays } from './other-ways.tsx';
import { signInTexts } from './texts.ts';

const Below = () => {
  const t = useTexts(signInTexts);
  const methods = useRead('getAuthMethods', {});
  const isLocal = useStore(localToken) !== null;
  return (
    <div className="below">
      {methods.data?.registration === 'closed' ? null : (
        <p>
          <Link to="/app/sign-up">{t.signUp}</Link>
        </p>
      )}
      {isLocal ? (
        <p className="muted">
          {t.soloGoesOn} <Link to="/app">{t.toSolo}</Link>
        </p>
      ) : null}
      {methods.data?.hasMailServer === false ? <p className="muted">{t.noMail}</p> : null}
      {methods.data?.isMailWorking === false ? <p className="muted">{t.mailLate}</p> : null}
    </div>
  );
};

/** Signs in, on a page of its own or in place of a screen that wants a session: that screen follows by itself. */
export const SignIn = () => {
  const t = useTexts(signInTexts);
  const status = useStore(sessionStatus);
  const [email, setEmail] = useState('');
  const [isByCode, setByCode] = useState(false);
  const [step, setStep] = useState<Step | null>(null);
  const forms = { email, onEmail: setEmail, onSecondStep: setStep, onOtherWay: () => setByCode(!isByCode) };
  return (
    <Page title={t.title} width="narrow">
      {status === 'ended' ? (
        <Notice look="warn" title={t.ended}>
          <p>{t.endedText}</p>
        </Notice>
      ) : null}
      <div className="panel">
        {step === null ? (
          isByCode ? (
            <CodeForm {...forms} />
          ) : (
            <PasswordForm {...forms} />
          )
        ) : (
          <SecondStep step={step} onRestart={() => setStep(null)} />
        )}
        {step === null ? <OtherWays /> : null}
      </div>
      <Below />
    </Page>
  );
};

export const Screen = () => {
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const { path } = usePlace();
  useEffect(() => {
    if (isSignedIn && path === '/app/sign-in') navigate('/app', { replace: true });
  }, [isSignedIn, path]);
  return <SignIn />;
};
