import { useState } from 'react';
import { hasPasskeys } from '../../api/passkeys.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { submitting, TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Enrolment } from './enrolment.tsx';
import { logInWithPasskey, logInWithSecond, type SecondStep as Step } from './steps.ts';
import { signInTexts } from './texts.ts';

interface SecondStepParts {
  readonly step: Step;
  readonly onRestart: () => void;
}

interface CodeFieldParts {
  readonly code: string;
  readonly onCode: (code: string) => void;
}

/** A code of the authenticator, or a recovery code: letters are among them. */
const SecondCodeField = ({ code, onCode }: CodeFieldParts) => {
  const t = useTexts(signInTexts);
  return (
    <TextField
      label={t.second}
      hint={t.secondHint}
      value={code}
      onChange={(event) => onCode(event.target.value)}
      autoComplete="one-time-code"
      spellCheck={false}
      autoFocus
      required
    />
  );
};

const SecondStepForm = ({ step: { challengeToken, factors }, onRestart }: SecondStepParts) => {
  const t = useTexts(signInTexts);
  const [code, setCode] = useState('');
  const attempt = useDo(() => logInWithSecond(challengeToken, code));
  const passkey = useDo(logInWithPasskey);
  const takesCode = factors.some((factor) => factor !== 'passkey');
  return (
    <form className="stack" onSubmit={submitting(() => attempt.mutate(undefined))}>
      <Problem error={attempt.error ?? passkey.error} />
      {passkey.data === false ? <Notice look="warn">{t.passkeyCancelled}</Notice> : null}
      {takesCode ? <SecondCodeField code={code} onCode={setCode} /> : null}
      <div className="buttons">
        {takesCode ? (
          <Button type="submit" look="main" isBusy={attempt.isPending}>
            {t.signIn}
          </Button>
        ) : null}
        {factors.includes('passkey') ? (
          <Button disabled={!hasPasskeys()} isBusy={passkey.isPending} onClick={() => passkey.mutate(undefined)}>
            {t.byPasskey}
          </Button>
        ) : null}
        <Button look="quiet" onClick={onRestart}>
          {t.restart}
        </Button>
      </div>
    </form>
  );
};

/** Asks for the second factor of an account, or has it added where the account must have one. */
export const SecondStep = (parts: SecondStepParts) =>
  parts.step.status === 'second_factor_enrolment_required' ? (
    <Enrolment challengeToken={parts.step.challengeToken} />
  ) : (
    <SecondStepForm {...parts} />
  );
