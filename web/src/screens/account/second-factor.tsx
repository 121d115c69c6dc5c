import { useState } from 'react';
import { call, type AnswerOf } from '../../api/call.ts';
import { useDo, useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { submitting, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { Shown } from '../../ui/states.tsx';
import { SecretAndCodes } from '../sign-in/secret-and-codes.tsx';
import '../sign-in/sign-in.css';
import { RecoveryCodes } from './recovery-codes.tsx';
import { OwnPassword, ownPassword } from './own-password.tsx';
import { accountTexts } from './texts.ts';

const Adding = () => {
  const t = useTexts(accountTexts);
  const [password, setPassword] = useState('');
  const beginning = useDo(() => call('beginTotp', { body: ownPassword(password) }));
  if (beginning.data !== undefined) return <Confirming enrolment={beginning.data} />;
  return (
    <form className="stack" onSubmit={submitting(() => beginning.mutate(undefined))}>
      <Problem error={beginning.error} />
      <OwnPassword label={t.current} value={password} onChange={setPassword} />
      <div>
        <Button type="submit" isBusy={beginning.isPending}>
          {t.add}
        </Button>
      </div>
    </form>
  );
};

const Confirming = ({ enrolment }: { readonly enrolment: AnswerOf<'beginTotp'> }) => {
  const t = useTexts(accountTexts);
  const [code, setCode] = useState('');
  const [recoveryCode, setRecoveryCode] = useState('');
  const confirmation = useDo(() => call('confirmTotp', { body: { code: code.trim(), recoveryCode: recoveryCode.trim() } }));
  return (
    <form className="stack" onSubmit={submitting(() => confirmation.mutate(undefined))}>
      <SecretAndCodes
        enrolment={enrolment}
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

const Removing = () => {
  const t = useTexts(accountTexts);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const removal = useDo(() => call('removeTotp', { body: { ...ownPassword(password), code: code.trim() } }));
  return (
    <form className="stack" onSubmit={submitting(() => removal.mutate(undefined))}>
      <Problem error={removal.error} />
      <OwnPassword label={t.current} value={password} onChange={setPassword} />
      <TextField
        label={t.code}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        autoComplete="one-time-code"
        required
      />
      <div>
        <Button type="submit" look="danger" isBusy={removal.isPending}>
          {t.remove}
        </Button>
      </div>
    </form>
  );
};

/** The second factor of the own account: added, or removed where no role requires it. */
export const SecondFactor = () => {
  const t = useTexts(accountTexts);
  const factor = useRead('getSecondFactor', {});
  return (
    <section className="panel" aria-labelledby="second-factor">
      <h2 id="second-factor">{t.second}</h2>
      <Shown read={factor}>
        {({ isActive, isRequired, recoveryCodesLeft }) => (
          <>
            <p className="muted">
              {isActive ? t.isOn(recoveryCodesLeft) : t.isOff} {isRequired ? t.isRequired : ''}
            </p>
            {isActive ? <RecoveryCodes /> : <Adding />}
            {isActive && !isRequired ? <Removing /> : null}
          </>
        )}
      </Shown>
    </section>
  );
};
