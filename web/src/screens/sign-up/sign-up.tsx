import { useState } from 'react';
import { findPending, keepPending, type Pending } from '../../api/pending.ts';
import { useRead } from '../../api/reading.ts';
import { setupToken } from '../../api/setup-token.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import '../sign-in/sign-in.css';
import { ConfirmForm } from './confirm-form.tsx';
import { RegisterForm } from './register-form.tsx';
import { signUpTexts } from './texts.ts';

const Who = () => {
  const t = useTexts(signUpTexts);
  const methods = useRead('getAuthMethods', {});
  const token = useStore(setupToken);
  if (token !== null) return <Notice look="good">{t.setupFirst}</Notice>;
  if (methods.data?.registration === 'closed') return <Notice look="warn">{t.closed}</Notice>;
  if (methods.data?.registration === 'invited') return <Notice>{t.invited}</Notice>;
  return null;
};

/** Opens an account: what it is called, then the code that was mailed to its address. */
export const Screen = () => {
  const t = useTexts(signUpTexts);
  const [pending, setPending] = useState<Pending | null>(() => findPending('sign-up'));
  // Kept in memory alone, to sign in with once the address is confirmed.
  const [password, setPassword] = useState('');
  const settle = (next: Pending | null): void => {
    keepPending('sign-up', next);
    setPending(next);
  };
  return (
    <Page title={pending === null ? t.title : t.check} width="narrow">
      {pending === null ? <Who /> : null}
      <div className="panel">
        {pending === null ? (
          <RegisterForm password={password} onPassword={setPassword} onSent={settle} />
        ) : (
          <ConfirmForm pending={pending} password={password} onPending={settle} />
        )}
      </div>
      <div className="below">
        <p>
          <Link to="/app/sign-in">{t.have}</Link>
        </p>
      </div>
    </Page>
  );
};
