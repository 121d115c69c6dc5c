import { useState, type FormEvent } from 'react';
import { hasPasskeys } from '../../api/passkeys.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Enrolment } from './enrolment.tsx';
import { logInWithPasskey, logInWithSecond, type SecondStep as Step } from './steps.ts';
import { signInTexts } from './texts.ts';

interface SecondStepParts {
  readonly step: Step;
  readonly onRestart: () => void;
}

/** Asks for the second factor of an account, or has it added where the account must have one. */
export const SecondStep = ({ step, onRestart }: SecondStepParts) => {
  const t = useTexts(signInTexts);
  const [code, setCode] = useState('');
  const attempt = useDo(() => logInWithSecond(step.challengeToken, code));
  const passkey = useDo(logInWithPasskey);
  const takesCode = step.factors.some((factor) => factor !== 'passkey');
  if (step.status === 'second_factor_enrolment_required') return <Enrolment challengeToken={step.challengeToken} />;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    attempt.mutate(undefined);
  };
  return (
    <form className="stack" onSubmit={onSubmit}>
      <Problem error={attempt.error ?? passkey.error} />
      {passkey.data === false ? <Notice look="warn">{t.passkeyCancelled}</Notice> : null}
      {takesCode ? (
        <TextField
          label={t.second}
          hint={t.secondHint}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="one-time-code"
          spellCheck={false}
          autoFocus
          required
        />
      ) : null}
      <div className="buttons">
        {takesCode ? (
          <Button type="submit" look="main" isBusy={attempt.isPending}>
            {t.signIn}
          </Button>
        ) : null}
        {step.factors.includes('passkey') ? (
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
