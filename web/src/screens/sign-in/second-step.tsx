import { useState, type FormEvent } from 'react';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { Enrolment } from './enrolment.tsx';
import { logInWithSecond, type SecondStep as Step } from './steps.ts';
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
  if (step.status === 'second_factor_enrolment_required') return <Enrolment challengeToken={step.challengeToken} />;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    attempt.mutate(undefined);
  };
  return (
    <form className="stack" onSubmit={onSubmit}>
      <Problem error={attempt.error} />
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
      <div className="buttons">
        <Button type="submit" look="main" isBusy={attempt.isPending}>
          {t.signIn}
        </Button>
        <Button look="quiet" onClick={onRestart}>
          {t.restart}
        </Button>
      </div>
    </form>
  );
};
